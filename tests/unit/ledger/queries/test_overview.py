"""Queries of the overview: computed from sums, with the same results as the views that read every row."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.cells import TOPIC_OF_KIND
from ledger.queries.ask import BadLimit, query_sql, topic_of
from ledger.queries.period import TWO_YEARS, period_sql
from tests.each_case import each_case
from tests.events import asset, cancelled, granted, modified, money, registered
from tests.posting import post

DAY = date(2023, 6, 30)


def test_a_year_to_date_is_compared_with_the_same_days_of_the_year_before(book: Book) -> None:
    post(
        book,
        registered("a", "P1", occurred_on="2023-03-01", secured=money("100.00")),
        registered("b", "P2", occurred_on="2024-01-31", secured=money("150.00")),
        registered("c", "P3", occurred_on="2024-02-29", secured=money("100.00")),
        registered("d", "P4", occurred_on="2024-03-02", secured=money("900.00")),
        registered("e", "P5", occurred_on="2023-03-02", secured=...),
    )
    answer = queries.year_to_date(book, "pledges", date(2024, 3, 1), filters=["industry=ALL"])
    (row,) = answer.rows_as_dicts()
    assert (row["events"], row["amount_minor"], row["events_before"], row["amount_before_minor"]) == (
        2,
        25_000,
        1,
        10_000,
    )
    assert (row["growth"], row["events_growth"]) == (1.5, 1.0)
    assert (row["first_day"], row["last_day"], row["last_day_before"]) == (
        date(2024, 1, 1),
        date(2024, 3, 1),
        date(2023, 3, 1),
    )
    assert answer.as_of == date(2024, 3, 1)
    (leap,) = queries.year_to_date(book, "pledges", date(2024, 2, 29), filters=["industry=ALL"]).rows_as_dicts()
    assert (leap["last_day_before"], leap["events_before"], leap["growth"]) == (date(2023, 2, 28), 0, None)


@each_case(
    ("kind", "basis", "day"),
    product(
        ["pledges", "grants", "pledge_changes", "loan_repayments"],
        ["corrected", "recorded"],
        [DAY, date(2023, 6, 15), date(2023, 6, 16), date(2024, 2, 29), date(2020, 1, 1)],
    ),
)
def test_a_year_to_date_equals_the_view_that_reads_every_row(market: Path, kind: str, basis: str, day: date) -> None:
    with queries.open(market) as book:
        sums = queries.year_to_date(book, kind, day, basis=basis)
        rows = queries.view(
            book,
            "ytd_vs_same_period",
            as_of=day,
            basis=basis,
            filters=[f"metric={kind}", "region=ALL", "right=ALL"],
        ).rows_as_dicts()
    assert bool(rows) == (day != date(2020, 1, 1) or bool(sums.rows))
    shared = [name for name in sums.names if name in rows[0]] if rows else []
    assert [{name: row[name] for name in shared} for row in sums.rows_as_dicts()] == [
        {name: row[name] for name in shared} for row in rows
    ]


def test_a_year_to_date_from_the_16th_on_takes_the_later_days_of_the_month_away(book: Book) -> None:
    amounts = {"03-02": "10000000000.01", "03-16": "20000000000.00", "03-31": "9999999999.99"}  # beyond a low half
    post(
        book,
        *(
            registered(f"{year}-{day}", f"P{year}{day}", occurred_on=f"{year}-{day}", secured=money(amount))
            for year in (2023, 2024)
            for day, amount in amounts.items()
        ),
    )
    for day, events, amount in (
        (15, 1, 1_000_000_000_001),
        (16, 2, 3_000_000_000_001),
        (30, 2, 3_000_000_000_001),
        (31, 3, 4_000_000_000_000),
    ):
        answer = queries.year_to_date(book, "pledges", date(2024, 3, day), filters=["industry=ALL"])
        (row,) = answer.rows_as_dicts()
        assert (row["events"], row["events_before"]) == (events, events)
        assert (row["amount_minor"], row["amount_before_minor"]) == (amount, amount)


def test_all_postings_of_a_kind_are_of_one_topic(market: Path) -> None:
    with Book(market) as book:
        found = book.connection.execute("SELECT DISTINCT kind, topic FROM posting").fetchall()
    assert {kind for kind, _ in found} == set(TOPIC_OF_KIND)
    assert [kind for kind, topic in found if topic_of(kind) != topic] == []


@each_case(("kind", "basis"), product(["pledges", "grants"], ["corrected", "recorded"]))
def test_growth_is_computed_from_the_totals(market: Path, kind: str, basis: str) -> None:
    with queries.open(market) as book:
        answer = queries.growth(book, kind, basis=basis)
        rows = answer.rows_as_dicts()
        whole = queries.totals(book, kind, ["year"], basis=basis).rows_as_dicts()
    by_year: dict[int, int] = {}
    for row in whole:
        by_year[row["year"]] = by_year.get(row["year"], 0) + row["events"]
    amounts = {(row["year"], row["currency"]): row["amount"] for row in whole}
    assert len(by_year) > 5
    for row in (row for row in rows if row["industry"] == "ALL"):
        events, before = by_year[row["year"]], by_year.get(row["year"] - 1)
        assert (row["events"], row["events_before"]) == (events, before)
        assert row["events_growth"] == (before and (events - before) / before)
        assert row["amount"] == amounts[row["year"], row["currency"]]
        assert row["amount_before"] == amounts.get((row["year"] - 1, row["currency"])) or row["currency"] is None
    assert {row["year"] for row in rows} == set(by_year)


@pytest.mark.parametrize("basis", ["corrected", "recorded"])
def test_the_stock_of_pledges_equals_the_view(market: Path, basis: str) -> None:
    with queries.open(market) as book:
        stock = queries.stock_by_industry(
            book, "pledges", DAY, basis=basis, columns=["industry", "currency", "in_force", "amount"]
        )
        view = queries.view(
            book, "pledge_stock", as_of=DAY, basis=basis, columns=["industry", "currency", "pledges", "amount"]
        )
    assert stock.rows == view.rows
    assert len(stock.rows) > 10


def test_a_patent_leaves_the_stock_at_the_end_of_its_term(book: Book) -> None:
    post(book, granted(filed_on="2003-05-02"), registered(), cancelled())

    def patents(day: date) -> list[tuple[object, ...]]:
        return queries.stock_by_industry(book, "patents", day, columns=["industry", "in_force"]).rows

    assert patents(date(2023, 5, 1)) == []
    assert patents(date(2023, 5, 2))[0][1] == 1
    assert patents(date(2024, 5, 2)) == []
    with pytest.raises(UnknownName, match="The stock 'marks'"):
        queries.stock_by_industry(book, "marks")


def test_falling_due_equals_the_view_maturity(market: Path) -> None:
    with queries.open(market) as book:
        assert (
            queries.falling_due(book, DAY).as_json()["rows"]
            == queries.view(book, "maturity", as_of=DAY).as_json()["rows"]
        )


def test_the_newest_events_come_from_all_partitions(market: Path) -> None:
    with queries.open(market) as book:
        newest = queries.newest_events(book, 30).rows_as_dicts()
        journal = queries.view(book, "journal", sort=["-broker_timestamp", "topic"]).rows_as_dicts()
    assert len(newest) == 30
    assert [row["broker_timestamp"] for row in newest] == [row["broker_timestamp"] for row in journal[:30]]
    by_place = {(row["topic"], row["partition"], row["offset"]): row for row in journal}
    for row in newest:
        same = by_place[row["topic"], row["partition"], row["offset"]]
        assert {name: row[name] for name in row} == {name: same[name] for name in row}


def test_a_limit_of_the_newest_events_may_be_zero_and_not_negative(book: Book) -> None:
    post(book, registered())
    assert queries.newest_events(book, 0).rows == []
    with pytest.raises(BadLimit):
        queries.newest_events(book, -1)


def test_an_empty_book_gives_no_rows(book: Book) -> None:
    for answer in (
        queries.year_to_date(book, "grants"),
        queries.growth(book, "pledges"),
        queries.stock_by_industry(book),
        queries.falling_due(book),
        queries.newest_events(book),
        queries.totals(book),
        queries.view(book, "pledge_stock"),
    ):
        assert answer.rows == []
        assert answer.as_json()["age_seconds"] is None
        assert answer.as_csv().splitlines() == [",".join(answer.names)]
    with pytest.raises(UnknownName, match="The kind 'loans'"):
        queries.growth(book, "loans")


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("year_to_date", "SEARCH summary USING PRIMARY KEY (kind=? AND period>? AND period<?)"),
        (
            "year_to_date",
            "SEARCH p USING PRIMARY KEY (topic=? AND partition=? AND block=? AND kind=? AND date>? AND date<?)",
        ),
        ("stock_by_industry", "SEARCH s USING PRIMARY KEY (kind=? AND period>? AND period<?)"),
        ("stock_by_industry", "SEARCH s USING PRIMARY KEY (kind=? AND region=? AND date>? AND date<?)"),
        ("growth", "SEARCH summary USING PRIMARY KEY (kind=? AND period<?)"),
        ("newest_events", "SEARCH r USING PRIMARY KEY (topic=? AND partition=? AND offset=?)"),
        ("entity_events", "SEARCH r USING INDEX record_by_subject (subject=?)"),
    ],
)
def test_a_query_reads_only_its_range_of_an_index(book: Book, name: str, index: str) -> None:
    values = {"kind": 2, "topic": 1, "basis": 2, "as_of": 20240301, "most": 9, "subject": "P1"}
    period = f"{period_sql(TWO_YEARS)},\n" if name == "year_to_date" else ""
    plan = [row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {period}{query_sql(name)}", values)]
    assert index in plan
    assert not [step for step in plan if step.startswith(("SCAN record", "SCAN summary", "SCAN r "))]


# ---- one entity


def test_an_entity_has_its_states_and_its_events(book: Book) -> None:
    post(book, registered(assets=[asset(appraised=money("7.50"))]), modified(), granted(), modified("m2", "P2"))
    found = queries.entity(book, "P1")
    assert list(found.tables) == ["pledge", "pledge_state", "pledge_asset"]
    states = found.tables["pledge_state"].rows_as_dicts()
    assert [(row["since"], row["until"], row["amount"], row["amount_minor"], row["currency"]) for row in states] == [
        (date(2023, 3, 1), date(2023, 6, 1), 1000, 100_000, "CNY"),
        (date(2023, 6, 1), None, 1500, 150_000, "CNY"),
    ]
    (joined,) = found.tables["pledge_asset"].as_json()["rows"]
    assert (joined["id"], joined["right"], joined["industry"], joined["appraised"]) == (
        "CN1",
        "invention",
        "AI",
        "7.50",
    )
    assert [(row["id"], row["no_effect"]) for row in found.events.rows_as_dicts()] == [("r1", None), ("m1", None)]
    (waits,) = queries.entity(book, "P2").events.rows_as_dicts()
    assert waits["no_effect"] == "registration_missing"
    assert found.as_json()["tables"]["pledge"][0]["registered_on"] == "2023-03-01"
    assert found.as_json()["position"] == found.events.position


def test_every_entity_of_a_book_can_be_queried(market: Path) -> None:
    with queries.open(market) as book:
        subjects = [s for (s,) in book.connection.execute("SELECT DISTINCT subject FROM record WHERE outcome = 1")]
        tables = set()
        for subject in subjects[::7]:
            found = queries.entity(book, subject)
            for name, answer in found.tables.items():
                tables.add(name)
                assert answer.rows
    assert len(tables) > 12


def test_an_unknown_entity_is_reported(book: Book) -> None:
    with pytest.raises(queries.NoSuchEntity, match="no accepted event about 'P9'"):
        queries.entity(book, "P9")
