"""Maturity, encumbrance, cohorts and concentration of pledges, on histories whose figures are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20230301


def pledge(
    subject: str, day: str = "2022-01-01", secured: str | None = "100.00", currency: str = "CNY", **data: Any
) -> Event:
    """Return a pledge of one AI invention to one bank, without a period; `secured` None means undisclosed."""
    amount: dict[str, Any] = {"secured": ..., "amount_status": "undisclosed"}
    if secured is not None:
        amount = {"secured": money(secured, currency), "amount_status": "registered"}
    defaults: dict[str, Any] = {"assets": [asset()], "pledgees": [{"name": "Bank"}], **amount}
    return event_on("pledge.registered", subject, day, **defaults | data)


def cancel(subject: str, day: str) -> Event:
    return event_on("pledge.cancelled", subject, day)


def change(subject: str, day: str, **data: Any) -> Event:
    return event_on("pledge.modified", subject, day, **data)


# ---- maturity


LADDER: list[tuple[int, str, list[Any]]] = [
    (20230301, "overdue", ["2022-12-31", "2023-02-28"]),
    (20230301, "within_30_days", ["2023-03-01", "2023-03-31"]),
    (20230301, "within_90_days", ["2023-04-01", "2023-05-30"]),
    (20230301, "within_180_days", ["2023-05-31", "2023-08-28"]),
    (20230301, "within_1_year", ["2023-08-29", "2024-03-01"]),
    (20230301, "within_3_years", ["2024-03-02", "2026-03-01"]),
    (20230301, "later", ["2026-03-02", "2199-12-31"]),
    (20230301, "unknown", [...]),
    (20231231, "within_30_days", ["2023-12-31", "2024-01-30"]),
    (20231231, "within_90_days", ["2024-01-31", "2024-03-30"]),
    (20240229, "within_30_days", ["2024-02-29", "2024-03-30"]),
    (20240229, "within_1_year", ["2024-08-28", "2025-02-28"]),
    (20240229, "within_3_years", ["2025-03-01", "2027-02-28"]),
    (20240229, "later", ["2027-03-01"]),
]


@pytest.mark.parametrize("as_of", [20230301, 20231231, 20240229])
def test_each_pledge_is_on_one_rung(book: Book, as_of: int) -> None:
    terms_due = [(due, debt_to) for day, due, terms in LADDER if day == as_of for debt_to in terms]
    expected: dict[str, int] = {}
    for number, (due, debt_to) in enumerate(terms_due):  # each amount is a bit of the sum
        expected[due] = expected.get(due, 0) + 2**number
        post(book, pledge(f"P{number}", secured=str(Decimal(2**number) / 100), debt_to=debt_to))
    assert dict(shown(book, "maturity", "due", "amount_minor", as_of=as_of)) == expected


def test_the_ladder_sums_pledges_in_force_by_currency(book: Book) -> None:
    soon: dict[str, Any] = {"debt_to": "2023-03-31"}
    post(
        book,
        pledge("P1", **soon),
        pledge("P2", secured="0.05", **soon),
        pledge("P3", secured=None, **soon),
        event_on("pledge.defaulted", "P3", "2023-02-01"),
        pledge("P4", **soon) | {"source": "urn:bank:1"},
        cancel("P4", "2023-03-01") | {"source": "urn:bank:1"},
        pledge("P5", day="2023-03-02", **soon),
        pledge("P6", secured="7", currency="JPY", **soon),
        pledge("P7", debt_to="2022-12-31"),
        cancel("P7", "2023-03-02"),
    )
    columns = ("rung", "due", "currency", "pledges", "defaulted", "amount", "amount_minor")
    assert shown(book, "maturity", *columns, as_of=DAY) == [
        (1, "overdue", "CNY", 1, 0, "100.00", 10_000),
        (2, "within_30_days", None, 1, 1, None, None),
        (2, "within_30_days", "CNY", 2, 0, "100.05", 10_005),
        (2, "within_30_days", "JPY", 1, 0, "7", 7),
    ]


def test_the_last_terms_and_amounts_up_to_the_day_count(book: Book) -> None:
    first = pledge("P1", debt_to="2023-03-10")
    extended = event_on("pledge.extended", "P1", "2022-06-01", debt_to="2023-05-01")
    post(
        book,
        first,
        change("P1", "2022-05-01", secured=money("60.00"), debt_to="2023-04-01"),
        extended,
        change("P1", "2023-06-01", secured=money("1.00"), debt_to="2030-01-01"),
    )
    assert shown(book, "maturity", "due", "amount", as_of=20220430) == [("within_1_year", "100.00")]
    assert shown(book, "maturity", "due", "amount", as_of=20230302) == [("within_90_days", "60.00")]
    assert shown(book, "maturity", "due", "amount", as_of=20230601) == [("later", "1.00")]
    post(book, voided(extended, "v1"), corrected(first, "k1", secured=..., amount_status="undisclosed"))
    assert shown(book, "maturity", "due", "amount", as_of=20230302) == [("within_30_days", "60.00")]
    assert shown(book, "maturity", "due", "amount", as_of=20230302, recorded=True) == [("within_90_days", "60.00")]
    assert shown(book, "maturity", "due", "amount", as_of=20220430) == [("within_1_year", None)]


SECURED = st.sampled_from(["1.00", "20.00", "300.00"]).map(lambda amount: {"secured": money(amount)})
RELEASED = st.sampled_from(["CN2", "CN3"]).map(lambda asset_id: {"released": [asset_id]})
ADDED = st.sampled_from(["CN2", "CN4"]).map(lambda asset_id: {"added": [asset("B60L0050600000", id=asset_id)]})
DAYS = st.integers(1, 28).map(lambda day: f"2023-01-{day:02}")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DAYS, SECURED | RELEASED | ADDED | st.none()), max_size=6))
def test_ladder_stock_and_index_agree_in_any_order_of_the_log(
    book: Book, changes: list[tuple[str, dict[str, Any] | None]]
) -> None:
    number = book.connection.execute("SELECT sum(next) FROM position").fetchone()[0]
    subject = f"P{number}"
    pool = [asset(id="CN1"), asset("H01L0021020000", id="CN2"), asset("A61K0039395000", id="CN3")]
    post(book, pledge(subject, "2023-01-10", assets=pool))
    for at, (day, data) in enumerate(changes):
        event = change(subject, day, **data) if data else cancel(subject, day)
        post(book, event | {"id": f"{number}-{at}"})
    for as_of in (20230109, 20230110, 20230115, 20230120, 20230131):
        stock = shown(book, "pledge_stock", "pledges", "amount_minor", as_of=as_of, industry="ALL")
        ladder = shown(book, "maturity", "pledges", "amount_minor", as_of=as_of)
        held = shown(book, "concentration", "pledges", "amount_minor", as_of=as_of)
        assert ladder == stock
        assert held == stock * 2


# ---- encumbrance


def test_an_asset_is_listed_with_each_of_its_pledges(book: Book) -> None:
    one, other = asset(id="CN1B"), asset(id="CN2U", right="utility_model")
    post(
        book,
        pledge("P1", "2022-01-01", assets=[one, other, other], debt_to="2025-01-01"),
        pledge("P2", "2022-02-01", assets=[asset(id="CN1B", right="design")]),
        pledge("P3", "2022-03-01", assets=[asset(id="CN1B", right="trademark", ipc=None)]),
        event_on("pledge.extended", "P1", "2023-01-01", debt_to="2026-01-01"),
        change("P1", "2023-02-01", released=["CN1B"]),
        cancel("P3", "2023-03-01"),
    )
    columns = ("id", "right", "pledge", "since", "debt_to", "pledges")
    assert shown(book, "encumbered", *columns, as_of=20220131) == [
        ("CN1B", "invention", "P1", "2022-01-01", "2025-01-01", 1),
        ("CN2U", "utility_model", "P1", "2022-01-01", "2025-01-01", 1),
    ]
    assert shown(book, "encumbered", *columns, as_of=20230131) == [
        ("CN1B", "invention", "P1", "2022-01-01", "2026-01-01", 2),
        ("CN1B", "design", "P2", "2022-02-01", None, 2),
        ("CN1B", "trademark", "P3", "2022-03-01", None, 1),
        ("CN2U", "utility_model", "P1", "2022-01-01", "2026-01-01", 1),
    ]
    assert shown(book, "encumbered", "id", "pledge", "pledges", as_of=20230301) == [
        ("CN1B", "P2", 1),
        ("CN2U", "P1", 1),
    ]


def test_a_voided_release_frees_nothing(book: Book) -> None:
    release = change("P1", "2022-02-01", released=["CN2B"])
    post(book, pledge("P1", assets=[asset(id="CN1B"), asset(id="CN2B")]), release, voided(release))
    assert shown(book, "encumbered", "id", as_of=DAY) == ["CN1B", "CN2B"]
    assert shown(book, "encumbered", "id", as_of=DAY, recorded=True) == ["CN1B"]


# ---- cohorts


def test_cohorts_are_separated_by_the_year_of_registration(book: Book) -> None:
    post(
        book,
        *(pledge(f"P{number}") for number in range(1, 6)),
        cancel("P1", "2023-01-01"),
        event_on("pledge.defaulted", "P2", "2022-06-01", overdue=money("80.00")),
        event_on("pledge.realised", "P2", "2022-07-01", proceeds=money("20.00"), method="auction"),
        event_on("pledge.realised", "P2", "2022-08-01", proceeds=money("10.00"), method="sale"),
        cancel("P2", "2023-01-01"),
        event_on("pledge.defaulted", "P3", "2022-06-01", overdue=money("40.00")),
        event_on("pledge.defaulted", "P4", "2022-06-01", overdue=...),
        event_on("pledge.realised", "P4", "2022-07-01", proceeds=..., method="sale"),
        pledge("Q1", "2023-02-01"),
    )
    counts = ("year", "registered", "in_force", "cancelled", "ended_without_default", "defaulted", "realised")
    assert shown(book, "cohort_risk", *counts, as_of=DAY) == [(2022, 5, 3, 2, 1, 3, 2), (2023, 1, 1, 0, 0, 0, 0)]
    shares = ("in_force_share", "ended_without_default_share", "defaulted_share", "realised_share")
    assert shown(book, "cohort_risk", *shares, as_of=DAY) == [(0.6, 0.2, 0.6, 0.4), (1.0, 0.0, 0.0, 0.0)]
    paid = ("currency", "with_overdue", "overdue", "with_proceeds", "proceeds", "proceeds_minor", "recovery")
    assert shown(book, "cohort_risk", *paid, as_of=DAY) == [
        ("CNY", 2, "120.00", 2, "30.00", 3_000, 0.25),
        (None, 0, None, 0, None, None, None),
    ]
    assert shown(book, "cohort_risk", *counts, "recovery", as_of=20220630) == [(2022, 5, 5, 0, 0, 3, 0, None)]
    assert shown(book, "cohort_risk", "recovery", as_of=20220731) == [pytest.approx(20 / 120)]


def test_currencies_of_a_cohort_are_separate(book: Book) -> None:
    post(
        book,
        pledge("P1"),
        event_on("pledge.defaulted", "P1", "2022-06-01", overdue=money("80.00")),
        event_on("pledge.realised", "P1", "2022-07-01", proceeds=money("90.00", "USD"), method="sale"),
        pledge("P2"),
        event_on("pledge.defaulted", "P2", "2022-06-01", overdue=money("0", "USD")),
    )
    columns = (
        "registered",
        "defaulted",
        "currency",
        "with_overdue",
        "overdue",
        "with_proceeds",
        "proceeds",
        "recovery",
    )
    assert shown(book, "cohort_risk", *columns, as_of=DAY) == [
        (2, 2, "CNY", 1, "80.00", 0, None, None),
        (2, 2, "USD", 1, "0.00", 1, "90.00", None),
    ]


def test_a_realisation_without_a_default_is_not_a_release(book: Book) -> None:
    realised = event_on("pledge.realised", "P1", "2022-07-01", proceeds=money("90.00"), method="discount")
    post(book, pledge("P1"), realised, cancel("P1", "2022-08-01"))
    columns = ("cancelled", "ended_without_default", "defaulted", "realised", "proceeds", "recovery")
    assert shown(book, "cohort_risk", *columns, as_of=DAY) == [(1, 0, 0, 1, "90.00", None)]


def test_cancellations_are_counted_by_their_reason(book: Book) -> None:
    codes = ["paid", "paid", "refinanced", "realised", "lapsed", "other", ..., ...]
    for number, code in enumerate(codes):
        post(
            book,
            event_on("pledge.registered", f"P{number}", "2022-01-01"),
            event_on("pledge.cancelled", f"P{number}", "2022-06-01", reason_code=code),
        )
    columns = [f"cancelled_{reason}" for reason in ("paid", "refinanced", "realised", "lapsed", "other", "unknown")]
    assert shown(book, "cohort_risk", "cancelled", *columns, as_of=DAY) == [(8, 2, 1, 1, 1, 1, 2)]
    assert shown(book, "cohort_risk", "cancelled", *columns, as_of=20220531) == [(0, 0, 0, 0, 0, 0, 0)]


def test_cohorts_follow_corrections(book: Book) -> None:
    first = pledge("P1")
    default = event_on("pledge.defaulted", "P1", "2022-06-01", overdue=money("80.00"))
    post(book, first, default, cancel("P1", "2023-01-01"), pledge("P2"))
    post(book, corrected(first, "k1", occurred_on="2021-12-31"), voided(default))
    columns = ("year", "registered", "ended_without_default", "defaulted", "overdue")
    assert shown(book, "cohort_risk", *columns, as_of=DAY) == [(2021, 1, 1, 0, None), (2022, 1, 0, 0, None)]
    assert shown(book, "cohort_risk", *columns, as_of=DAY, recorded=True) == [(2022, 2, 0, 1, "80.00")]


# ---- concentration


def bank(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


def test_the_index_is_the_sum_of_squared_shares(book: Book) -> None:
    pool = [asset(appraised=money("1")), asset("H01L0021020000", id="CN2", appraised=money("3"))]
    post(
        book,
        pledge("P1", secured="40.00", pledgees=bank("A"), assets=pool),
        pledge("P2", secured="20.00", pledgees=bank("A")),
        pledge("P3", secured="30.00", pledgees=bank("B")),
        pledge("P4", secured="10.00", pledgees=bank("C")),
        pledge("P5", secured=None, pledgees=bank("D", "E")),
        pledge("P6", secured="9.00", pledgees=bank("F"), assets=[asset("A61K0039395000")]),
        cancel("P6", "2023-03-01"),
    )
    columns = ("among", "currency", "pledges", "holders", "amount", "hhi", "largest_share")
    assert shown(book, "concentration", *columns, as_of=DAY) == [
        ("pledgees", None, 1, 2, None, None, None),
        ("pledgees", "CNY", 4, 3, "100.00", pytest.approx(0.36 + 0.09 + 0.01), 0.6),
        ("industries", None, 1, 1, None, None, None),
        ("industries", "CNY", 4, 2, "100.00", pytest.approx(0.49 + 0.09), 0.7),
    ]


def test_joint_pledgees_share_to_the_unit_and_are_known_by_their_id(book: Book) -> None:
    bank_a = {"name": "Bank A", "id": "bank-a"}
    post(
        book,
        pledge("P1", secured="0.05", pledgees=[bank_a, {"name": "Bank B"}, {"name": "Bank C"}]),
        pledge("P2", secured="0.02", pledgees=[{"name": "A BANK", "id": "bank-a"}]),
        pledge("P3", secured="0.01", pledgees=[{"name": "Bank A"}]),
    )
    parts = [2 + 2, 2, 1, 1]
    index = float(Fraction(sum(part**2 for part in parts), sum(parts) ** 2))
    found = shown(book, "concentration", "holders", "hhi", "amount_minor", as_of=DAY, among="pledgees")
    assert found == [(4, pytest.approx(index), 8)]


def test_the_last_pledgees_up_to_the_day_count(book: Book) -> None:
    moved = change("P1", "2022-06-01", pledgees=bank("B"), secured=money("30.00"))
    post(book, pledge("P1", secured="10.00", pledgees=bank("A")), pledge("P2", secured="30.00", pledgees=bank("B")))
    post(book, moved)
    columns = ("holders", "hhi", "amount")
    asked: dict[str, Any] = {"among": "pledgees"}
    assert shown(book, "concentration", *columns, as_of=20220531, **asked) == [(2, 0.625, "40.00")]
    assert shown(book, "concentration", *columns, as_of=20220601, **asked) == [(1, 1.0, "60.00")]
    post(book, voided(moved))
    assert shown(book, "concentration", *columns, as_of=20220601, **asked) == [(2, 0.625, "40.00")]
    assert shown(book, "concentration", *columns, as_of=20220601, recorded=True, **asked) == [(1, 1.0, "60.00")]


def test_no_pledges_have_no_index(book: Book) -> None:
    post(book, pledge("P1", secured="0", pledgees=bank("A")))
    columns = ("currency", "holders", "amount", "hhi", "largest_share")
    assert shown(book, "concentration", *columns, as_of=DAY) == [("CNY", 1, "0.00", None, None)] * 2
    assert shown(book, "concentration", *columns, as_of=20211231) == []


def test_pledges_whose_pledgees_nobody_names_are_counted_and_held_by_none(book: Book) -> None:
    post(book, pledge("P1"), pledge("P2", pledgees=[]), pledge("P3", secured=None, pledgees=[]))
    columns = "among", "currency", "pledges", "named", "holders", "amount"
    assert shown(book, "concentration", *columns, as_of=DAY) == [
        ("pledgees", "CNY", 2, 1, 1, "100.00"),
        ("industries", None, 1, None, 1, None),
        ("industries", "CNY", 2, None, 1, "200.00"),
    ]
