"""Flows of pledges by period, their growth, and the year to date, on histories whose figures are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.installed_views import write_views
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

ALL = {"region": "ALL", "right": "ALL", "industry": "ALL"}


def pledge(subject: str, day: str, secured: str | None, currency: str = "CNY", **data: Any) -> Event:
    """Return a pledge of one AI invention in CN-SH; `secured` None means undisclosed."""
    amount: dict[str, Any] = {"secured": ..., "amount_status": "undisclosed"}
    if secured is not None:
        amount = {"secured": money(secured, currency), "amount_status": "registered"}
    defaults: dict[str, Any] = {"region": "CN-SH", "assets": [asset()], **amount}
    return event_on("pledge.registered", subject, day, **defaults | data)


def flow(book: Book, *columns: str, recorded: bool = False, **where: str) -> Any:
    asked: dict[str, Any] = ALL | where
    return shown(book, "pledge_flow", *columns, recorded=recorded, **asked)


def yoy(book: Book, *columns: str, **where: str) -> Any:
    asked: dict[str, Any] = ALL | where
    return shown(book, "pledge_yoy", *columns, **asked)


def ytd(book: Book, as_of: int, *columns: str, recorded: bool = False, **where: str) -> Any:
    asked: dict[str, Any] = ALL | {"metric": "pledges"} | where
    return shown(book, "ytd_vs_same_period", *columns, as_of=as_of, recorded=recorded, **asked)


# ---- by period


def test_a_year_and_its_months_are_rows(book: Book) -> None:
    post(
        book,
        pledge("P1", "2023-05-31", "100.00"),
        pledge("P2", "2023-05-01", None),
        pledge("P3", "2023-12-31", "20.50"),
        pledge("P4", "2024-01-01", "7.00"),
    )
    columns = ("period", "year", "month", "pledges", "with_amount", "amount", "amount_minor", "coverage")
    assert flow(book, *columns) == [
        ("2023", 2023, None, 3, 2, "120.50", 12050, pytest.approx(2 / 3)),
        ("2023-05", 2023, 5, 2, 1, "100.00", 10000, 0.5),
        ("2023-12", 2023, 12, 1, 1, "20.50", 2050, 1.0),
        ("2024", 2024, None, 1, 1, "7.00", 700, 1.0),
        ("2024-01", 2024, 1, 1, 1, "7.00", 700, 1.0),
    ]


def test_currencies_have_their_own_rows_and_undisclosed_pledges_count_in_each(book: Book) -> None:
    post(
        book,
        pledge("P1", "2023-05-31", "100.00"),
        pledge("P2", "2023-05-31", "3.00", "USD"),
        pledge("P3", "2023-05-31", None),
        pledge("P4", "2023-05-31", "0"),
        pledge("P5", "2024-05-31", None),
    )
    found = flow(book, "period", "currency", "pledges", "with_amount", "amount", "coverage", "record_high")
    assert [row for row in found if "-" not in row[0]] == [
        ("2023", "CNY", 4, 2, "100.00", 0.5, 1),
        ("2023", "USD", 4, 1, "3.00", 0.25, 1),
        ("2024", None, 1, 0, None, 0.0, None),
    ]


def test_an_industry_has_its_shares_under_the_right_of_its_assets(book: Book) -> None:
    pool = [asset(appraised=money("1")), asset("H01L0021020000", "design", id="CN2", appraised=money("2"))]
    post(book, pledge("P1", "2023-05-31", "100.00", assets=pool), pledge("P2", "2023-06-01", "1.00"))
    found = shown(book, "pledge_flow", "right", "industry", "pledges", "amount", region="CN-SH", period="2023")
    assert sorted(found) == [
        ("ALL", "AI", 2, "34.33"),
        ("ALL", "ALL", 2, "101.00"),
        ("ALL", "SEMI", 1, "66.67"),
        ("design", "SEMI", 1, "66.67"),
        ("invention", "AI", 2, "34.33"),
        ("invention", "ALL", 1, "1.00"),
        ("mixed", "ALL", 1, "100.00"),
    ]


def test_a_country_takes_in_its_subdivisions(book: Book) -> None:
    post(
        book,
        pledge("P1", "2023-01-01", "1.00"),
        pledge("P2", "2023-01-01", "2.00", region="CN-BJ"),
        pledge("P3", "2023-01-01", "4.00", region="CN"),
        pledge("P4", "2023-01-01", "8.00", region="US"),
        pledge("P5", "2023-01-01", "16.00", region=...),
    )
    found = shown(book, "pledge_flow", "region", "pledges", "amount", right="ALL", industry="ALL", period="2023")
    assert found == [
        ("ALL", 5, "31.00"),
        (None, 1, "16.00"),
        ("CN", 3, "7.00"),
        ("CN-BJ", 1, "2.00"),
        ("CN-SH", 1, "1.00"),
        ("US", 1, "8.00"),
    ]


def test_later_events_do_not_change_a_flow_but_corrections_do(book: Book) -> None:
    first, second = pledge("P1", "2023-05-31", "100.00"), pledge("P2", "2023-06-30", "50.00")
    post(
        book,
        first,
        event_on("pledge.modified", "P1", "2023-07-01", secured=money("900.00")),
        event_on("pledge.cancelled", "P1", "2023-08-01"),
        second,
        pledge("P3", "2023-06-30", "7.00"),
        corrected(first, occurred_on="2022-05-31", secured=money("80.00")),
        voided(second),
    )
    assert flow(book, "period", "pledges", "amount") == [
        ("2022", 1, "80.00"),
        ("2022-05", 1, "80.00"),
        ("2023", 1, "7.00"),
        ("2023-06", 1, "7.00"),
    ]
    assert flow(book, "period", "pledges", "amount", recorded=True) == [
        ("2023", 3, "157.00"),
        ("2023-05", 1, "100.00"),
        ("2023-06", 2, "57.00"),
    ]


def test_a_record_is_a_year_that_none_before_exceeds(book: Book) -> None:
    amounts = {2019: "5.00", 2020: "4.99", 2021: None, 2022: "5.00", 2023: "5.01", 2024: "1.00"}
    post(book, *(pledge(f"P{year}", f"{year}-03-01", amount) for year, amount in amounts.items()))
    post(book, pledge("PX", "2024-04-01", "2.00", region="CN-BJ"), pledge("PU", "2024-04-01", "9.00", "USD"))
    years = [row for row in flow(book, "period", "currency", "record_high") if "-" not in row[0]]
    assert years == [
        ("2019", "CNY", 1),
        ("2020", "CNY", 0),
        ("2021", None, None),
        ("2022", "CNY", 1),
        ("2023", "CNY", 1),
        ("2024", "CNY", 0),
        ("2024", "USD", 1),
    ]
    assert flow(book, "record_high", region="CN-BJ", period="2024") == [1]
    assert flow(book, "record_high", period="2023-03") == [1]
    post(
        book, pledge("PM", "2025-01-01", "5.02"), pledge("PN", "2025-02-01", "5.02"), pledge("PO", "2026-01-01", "6.00")
    )
    assert [flow(book, "record_high", period=period) for period in ("2025", "2026", "2026-01")] == [[1], [0], [1]]
    assert flow(book, "record_high", period="2024-04", currency="CNY") == [0]


def test_sums_beyond_64_bits_are_exact(book: Book) -> None:
    post(book, *(pledge(f"P{year}", f"{year}-01-01", "0.01") for year in (2021, 2022, 2023)))
    for table, columns in (("posting", ("high",)), ("total", ("corrected_high", "recorded_high"))):
        year = "year" if table == "total" else "date / 10000"
        more = ", ".join(f"{column} = iif({year} = 2021, 30000000, 50000000)" for column in columns)
        book.connection.execute(f"UPDATE {table} SET {more} WHERE {year} != 2023")
        book.connection.execute(f"UPDATE {table} SET {more} WHERE {year} = 2023")
    book.connection.execute("UPDATE posting SET low = 0 WHERE date / 10000 = 2023")
    book.connection.execute("UPDATE total SET corrected_low = 0 WHERE year = 2023")
    highest = ("2022", "50000000000000000001", 1)
    found = [row for row in flow(book, "period", "amount_minor", "record_high") if "-" not in row[0]]
    assert found == [("2021", "30000000000000000001", 1), highest, ("2023", "50000000000000000000", 0)]
    assert yoy(book, "amount_minor", "amount_before_minor", "growth", year="2022") == [
        (highest[1], "30000000000000000001", pytest.approx(2 / 3))
    ]


# ---- growth


def test_growth_is_that_of_shanghai(book: Book) -> None:
    """12.153 bn yuan in 2022 and 22.76 bn in 2023 are +87.28 %; 2024: 32.0 bn, +40.6 %."""
    post(
        book,
        pledge("P1", "2022-06-01", "10000000000.00"),
        pledge("P2", "2022-07-01", "2153000000.00", assets=[asset(right="trademark", ipc=None)]),
        pledge("P3", "2023-06-01", "10000000000.00"),
        pledge("P4", "2023-06-01", "10000000000.00"),
        pledge("P5", "2023-06-01", "2760000000.00", assets=[asset(right="trademark", ipc=None)]),
        *(pledge(f"Q{i}", "2024-06-01", "10000000000.00") for i in range(3)),
        pledge("Q3", "2024-06-01", "2000000000.00"),
        pledge("Q4", "2024-06-01", None),
        event_on("pledge.modified", "P1", "2023-06-01", secured=money("1.00")),
        event_on("pledge.cancelled", "P1", "2024-06-01"),
    )
    found = yoy(book, "year", "amount", "amount_before", "growth", "pledges", "pledges_before", "pledges_growth")
    assert found == [
        (2022, "12153000000.00", None, None, 2, None, None),
        (2023, "22760000000.00", "12153000000.00", pytest.approx(22760 / 12153 - 1), 3, 2, 0.5),
        (2024, "32000000000.00", "22760000000.00", pytest.approx(32000 / 22760 - 1), 5, 3, pytest.approx(2 / 3)),
    ]
    marks = yoy(book, "year", "amount", "growth", "pledges_growth", right="trademark")
    assert marks == [(2022, "2153000000.00", None, None), (2023, "2760000000.00", pytest.approx(607 / 2153), 0.0)]
    assert yoy(book, "year", "growth", right="invention", industry="AI")[1] == (2023, 1.0)


@pytest.mark.parametrize(
    ("before", "growth", "pledges_growth"),
    [
        ([("2022-03-01", "4.00", "CNY")], 0.5, 0.0),
        ([("2022-03-01", "0", "CNY")], None, 0.0),
        ([("2022-03-01", None, "CNY")], None, 0.0),
        ([("2022-03-01", "4.00", "USD")], None, 0.0),
        ([("2021-03-01", "4.00", "CNY")], None, None),
        ([("2022-03-01", "8.00", "CNY"), ("2022-03-01", None, "CNY")], -0.25, -0.5),
    ],
)
def test_growth_is_null_without_a_base(
    book: Book, before: list[tuple[str, str | None, str]], growth: float | None, pledges_growth: float | None
) -> None:
    post(book, *(pledge(f"B{i}", *pledged) for i, pledged in enumerate(before)), pledge("P1", "2023-01-01", "6.00"))
    assert yoy(book, "growth", "pledges_growth", year="2023", currency="CNY") == [(growth, pledges_growth)]


def test_growth_of_amounts_is_by_currency_and_growth_of_counts_is_not(book: Book) -> None:
    post(
        book,
        pledge("P1", "2022-01-01", "4.00"),
        pledge("P2", "2022-01-01", "10", "JPY"),
        pledge("P3", "2023-01-01", "5.00"),
        pledge("P4", "2023-01-01", "30", "JPY"),
        pledge("P5", "2023-01-01", None),
    )
    found = yoy(book, "currency", "amount", "growth", "with_amount", "pledges", "pledges_growth", year="2023")
    assert found == [("CNY", "5.00", 0.25, 1, 3, 0.5), ("JPY", "30", 2.0, 1, 3, 0.5)]


def test_a_closed_year_is_restated_next_to_its_published_figure(book: Book) -> None:
    wrong, void = pledge("P1", "2022-06-01", "400.00"), pledge("P2", "2023-06-01", "100.00")
    post(book, wrong, void, pledge("P3", "2023-07-01", "600.00"), pledge("P4", "2024-07-01", "1.00"))
    post(book, corrected(wrong, secured=money("4.00")), voided(void))
    columns = ("year", "restated", "amount", "growth", "pledges", "pledges_growth")
    published = ("amount_as_published", "growth_as_published", "pledges_as_published", "pledges_growth_as_published")
    assert yoy(book, *columns, *published) == [
        (2022, 1, "4.00", None, 1, None, "400.00", None, 1, None),
        (2023, 1, "600.00", 149.0, 1, 0.0, "700.00", 0.75, 2, 1.0),
        (2024, 0, "1.00", pytest.approx(1 / 600 - 1), 1, 0.0, "1.00", pytest.approx(1 / 700 - 1), 1, -0.5),
    ]


def test_a_year_that_only_one_basis_knows_is_shown(book: Book) -> None:
    void, moved = pledge("P1", "2021-06-01", "4.00"), pledge("P2", "2022-06-01", "5.00")
    post(book, void, moved, voided(void), corrected(moved, occurred_on="2023-06-01", secured=money("5.00", "USD")))
    columns = ("year", "currency", "pledges", "amount", "pledges_as_published", "amount_as_published", "restated")
    assert yoy(book, *columns) == [
        (2021, "CNY", 0, None, 1, "4.00", 1),
        (2022, "CNY", 0, None, 1, "5.00", 1),
        (2023, "USD", 1, "5.00", 0, None, 1),
    ]
    assert yoy(book, "pledges_before", "pledges_growth_as_published") == [(None, None), (None, 0.0), (None, -1.0)]


def test_a_basis_without_amounts_has_a_row_without_a_currency(book: Book) -> None:
    named = pledge("P1", "2022-06-01", "5.00")
    post(book, named, corrected(named, secured=None, amount_status="undisclosed"))
    columns = (
        "currency",
        "pledges",
        "with_amount",
        "amount",
        "pledges_as_published",
        "amount_as_published",
        "restated",
    )
    assert yoy(book, *columns) == [
        (None, 1, 0, None, 1, None, 1),
        ("CNY", 1, 0, None, 1, "5.00", 1),
    ]


# ---- year to date


def test_both_years_are_cut_at_the_same_month_and_day(book: Book) -> None:
    post(
        book,
        pledge("P1", "2022-12-31", "1000.00"),
        pledge("P2", "2023-01-01", "4.00"),
        pledge("P3", "2023-10-31", "6.00"),
        pledge("P4", "2023-11-01", "100.00"),
        pledge("P5", "2024-01-01", "12.00"),
        pledge("P6", "2024-10-31", None),
        pledge("P7", "2024-11-01", "100.00"),
    )
    columns = ("amount", "with_amount", "events", "amount_before", "with_amount_before", "events_before")
    assert ytd(book, 20241031, *columns) == [("12.00", 1, 2, "10.00", 2, 2)]
    assert ytd(book, 20241031, "growth", "events_growth") == [(pytest.approx(0.2), 0.0)]
    days = ("first_day", "last_day", "last_day_before")
    assert ytd(book, 20241031, *days) == [("2024-01-01", "2024-10-31", "2023-10-31")]
    assert ytd(book, 20241230, "amount", "amount_before") == [("112.00", "110.00")]


def test_a_leap_day_is_compared_with_28_february(book: Book) -> None:
    post(
        book,
        pledge("P1", "2023-02-28", "1.00"),
        pledge("P2", "2023-03-01", "10.00"),
        pledge("P3", "2024-02-28", "2.00"),
        pledge("P4", "2024-02-29", "20.00"),
        pledge("P5", "2025-02-28", "3.00"),
    )
    columns = ("amount", "amount_before", "last_day_before")
    assert ytd(book, 20240228, *columns) == [("2.00", "1.00", "2023-02-28")]
    assert ytd(book, 20240229, *columns) == [("22.00", "1.00", "2023-02-28")]
    assert ytd(book, 20250228, *columns) == [("3.00", "2.00", "2024-02-28")]
    assert ytd(book, 20250301, *columns) == [("3.00", "22.00", "2024-03-01")]


def test_a_row_of_only_one_period_is_shown(book: Book) -> None:
    post(book, pledge("P1", "2023-02-01", "1.00"), pledge("P2", "2024-03-01", "5.00", "USD"))
    columns = ("currency", "events", "amount", "events_before", "amount_before", "growth", "events_growth")
    assert ytd(book, 20240229, *columns) == [("CNY", 0, None, 1, "1.00", None, -1.0)]
    assert ytd(book, 20240301, *columns) == [
        ("CNY", 1, None, 1, "1.00", None, 0.0),
        ("USD", 1, "5.00", 1, None, None, 0.0),
    ]
    assert ytd(book, 20230228, *columns) == [("CNY", 1, "1.00", 0, None, None, None)]


def test_each_kind_of_total_is_a_metric(book: Book) -> None:
    grants = [
        event_on("patent.granted", f"CN10900000{i}B", day, region="CN-SH", right="invention", ipc=["G06N0003047500"])
        for i, day in enumerate(["2022-05-01", "2022-05-02", "2023-05-01", "2023-05-02", "2023-05-03"])
    ]
    post(book, *grants)
    post(
        book,
        pledge("P1", "2022-04-01", "100.00"),
        event_on("pledge.modified", "P1", "2022-04-02", secured=money("60.00")),
        event_on("pledge.modified", "P1", "2023-04-02", secured=money("90.00")),
        event_on("pledge.defaulted", "P1", "2023-04-03", overdue=money("33.00")),
    )
    assert ytd(book, 20231231, "events", "events_before", "events_growth", "growth", metric="grants") == [
        (3, 2, 0.5, None)
    ]
    columns = ("amount", "amount_before", "growth", "events_growth")
    assert ytd(book, 20231231, *columns, metric="pledge_changes") == [("30.00", "-40.00", None, 0.0)]
    assert ytd(book, 20231231, *columns, metric="pledge_defaults") == [("33.00", None, None, None)]
    assert ytd(book, 20230502, "events", metric="grants", region="CN", right="invention", industry="AI") == [2]


def test_the_year_to_date_has_either_basis_and_the_newest_day(book: Book) -> None:
    original = pledge("P1", "2022-02-01", "1.00")
    post(book, original, pledge("P2", "2023-03-01", "5.00"), corrected(original, secured=money("4.00")))
    assert ytd(book, 20230301, "growth") == [0.25]
    assert ytd(book, 20230301, "growth", recorded=True) == [4.0]
    write_views(book.connection)
    assert book.connection.execute("SELECT DISTINCT last_day FROM ytd_vs_same_period").fetchall() == [("2023-03-01",)]
