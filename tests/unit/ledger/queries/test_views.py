"""The views: their declared columns, their rows, and amounts of any size."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.nearest import UnknownName
from ledger.queries.snapshot import age_seconds
from ledger.queries.totals import totals
from ledger.queries.view import NotDated, OneBasis
from ledger.queries.view import view as ask_view
from streams.batch import Batch
from tests.events import (
    PLEDGE,
    corrected,
    money,
    partition,
    record,
    registered,
    timestamp,
    value_of,
    voided,
)
from tests.unit.ledger.queries.test_declarations import rows

HOME = partition("P1")


# ---- rows


def test_statements_are_the_originals_with_effect(posted: Book) -> None:
    found = rows(posted, 'SELECT type, subject, occurred_on FROM statements ORDER BY topic, partition, "offset"')
    assert sorted(found) == [
        ("ip.patent.granted.v1", "US10000000B2", "2023-05-02"),
        ("ip.pledge.cancelled.v1", "P1", "2024-02-29"),
        ("ip.pledge.modified.v1", "P1", "2023-06-01"),
        ("ip.pledge.registered.v1", "P1", "2023-03-01"),
        ("ip.pledge.registered.v1", "P3", "2024-05-01"),
    ]


def test_the_journal_has_one_row_a_record(posted: Book) -> None:
    found = rows(
        posted, f"SELECT * FROM journal WHERE topic = 'ip.pledge.v1' AND partition = {HOME} ORDER BY \"offset\""
    )
    assert [row[3] for row in found] == [
        "accepted",
        "accepted",
        "accepted",
        "accepted",
        "rejected",
        "duplicate",
        "accepted",
        "conflict",
    ]
    assert found[0][:10] == (
        PLEDGE,
        HOME,
        0,
        "accepted",
        "r1",
        "urn:registry:cn-sh",
        "ip.pledge.registered.v1",
        "P1",
        "2023-03-01",
        timestamp(0),
    )
    assert len(found[0][10]) == 64
    assert [row[11] for row in found if row[11]] == ["not_json", "conflict"]


def test_a_uuid_is_shown_as_a_uuid(book: Book) -> None:
    uuid = "0190C6F0-ABCD-7000-8000-000000000001"
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 1, [record(0, registered(uuid))]))
    assert rows(book, "SELECT id FROM journal") == [(uuid.lower(),)]


def test_rejections_keep_the_bytes(posted: Book) -> None:
    found = rows(posted, 'SELECT outcome, rule, path, id, key, value FROM rejections ORDER BY "offset"')
    assert found == [
        ("rejected", "not_json", "", None, b"P1", b"{"),
        ("conflict", "conflict", "id", "r1", b"P1", value_of(registered())),
    ]


def test_unmatched_names_the_basis_and_the_reason(posted: Book) -> None:
    found = rows(posted, 'SELECT "offset", basis, reason, type, id, subject FROM unmatched ORDER BY 1, 2')
    late = ("after_cancellation", "ip.pledge.modified.v1", "m2", "P1")
    second = ("second_registration", "ip.pledge.registered.v1", "r2", "P1")
    assert found == [
        (3, "corrected", *late),
        (3, "recorded", *late),
        (6, "corrected", *second),
        (6, "recorded", *second),
    ]


def test_positions_balance(posted: Book) -> None:
    found = rows(posted, f"SELECT * FROM positions WHERE topic = 'ip.pledge.v1' AND partition = {HOME}")
    assert found == [(PLEDGE, HOME, 0, 9, 5, 1, 1, 1, 1)]


def test_postings_and_totals_show_words_and_exact_amounts(posted: Book) -> None:
    cancellation = "kind = 'pledge_cancellations'"
    sides = 'region, "right", industry, currency, events, with_amount, amount, amount_minor'
    expected = [
        ("CN-SH", "invention", "AI", "CNY", 1, 1, "500.00", 50_000),
        ("CN-SH", "mixed", "ALL", "CNY", 1, 1, "1500.00", 150_000),
        ("CN-SH", "design", "SEMI", "CNY", 1, 1, "1000.00", 100_000),
    ]
    for table, basis in (("lineage", "true"), ("totals", "basis = 'corrected'")):
        assert (
            rows(posted, f"SELECT {sides} FROM {table} WHERE {cancellation} AND {basis} ORDER BY industry") == expected
        )
    assert rows(posted, f"SELECT DISTINCT date FROM lineage WHERE {cancellation}") == [("2024-02-29",)]


def test_missing_values_are_null(posted: Book) -> None:
    assert rows(posted, "SELECT DISTINCT region, currency, amount, amount_minor FROM totals WHERE kind = 'grants'") == [
        (None, None, None, None)
    ]
    undisclosed = "SELECT DISTINCT currency, with_amount, amount, amount_minor FROM lineage WHERE date = '2024-05-01'"
    assert rows(posted, undisclosed) == [(None, 0, None, None)]


def test_a_negative_amount_is_shown_with_its_sign(book: Book) -> None:
    events = [registered(), corrected(registered(), secured=money("999.95"))]
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 2, [record(i, event) for i, event in enumerate(events)]))
    assert rows(book, "SELECT amount, amount_minor FROM lineage WHERE \"offset\" = 1 AND industry = 'ALL'") == [
        ("-0.05", -5)
    ]


def test_industry_year_has_the_shares(posted: Book) -> None:
    found = rows(
        posted, "SELECT year, industry, name_en, kind, currency, events, with_amount, amount FROM industry_year"
    )
    ai, semi = ("AI", "Artificial intelligence"), ("SEMI", "Integrated circuits")
    assert found == [
        (2023, *ai, "grants", None, 1, 0, None),
        (2023, *ai, "pledges", "CNY", 1, 1, "333.33"),
        (2023, *ai, "pledge_changes", "CNY", 1, 1, "166.67"),
        (2023, *semi, "pledges", "CNY", 1, 1, "666.67"),
        (2023, *semi, "pledge_changes", "CNY", 1, 1, "333.33"),
        (2024, *ai, "pledges", None, 1, 0, None),
        (2024, *ai, "pledge_cancellations", "CNY", 1, 1, "500.00"),
        (2024, *semi, "pledge_cancellations", "CNY", 1, 1, "1000.00"),
    ]


def test_coverage_is_the_part_with_an_amount(posted: Book) -> None:
    sink = BookSink(posted)
    more = registered("r9", secured=money("1"), occurred_on="2024-06-01")
    at = next(p for p in posted.positions() if (p.topic, p.partition) == (PLEDGE, partition("P9"))).next
    sink.post(Batch(PLEDGE, partition("P9"), at, at + 1, [record(at, more | {"subject": "P9"})]))
    of_ai = (
        "SELECT currency, events, with_amount, coverage FROM industry_year WHERE industry = 'AI' AND kind = 'pledges'"
    )
    assert rows(posted, f"{of_ai} AND year = 2024") == [(None, 1, 0, 0.5), ("CNY", 1, 1, 0.5)]
    assert rows(posted, f"{of_ai} AND year = 2023") == [("CNY", 1, 1, 1.0)]
    assert rows(posted, "SELECT DISTINCT coverage FROM industry_year WHERE kind = 'grants'") == [(None,)]


def test_the_stock_is_as_of_a_day(posted: Book) -> None:
    def stock(as_of: date | None) -> list[tuple[Any, ...]]:
        found = ask_view(posted, "pledge_stock", as_of=as_of).shown_as_dicts()
        return [(row["industry"], row["currency"], row["pledges"], row["amount"]) for row in found]

    assert stock(date(2023, 2, 28)) == []
    assert stock(date(2023, 3, 1)) == [
        ("ALL", "CNY", 1, "1000.00"),
        ("AI", "CNY", 1, "333.33"),
        ("SEMI", "CNY", 1, "666.67"),
    ]
    assert stock(date(2024, 2, 28))[0] == ("ALL", "CNY", 1, "1500.00")
    assert stock(date(2024, 2, 29)) == []
    assert stock(None) == [("ALL", None, 1, None), ("AI", None, 1, None)]
    assert rows(posted, "SELECT industry, pledges FROM pledge_stock") == [("ALL", 1), ("AI", 1)]


# ---- queries


def test_totals_are_grouped_filtered_and_ordered(posted: Book) -> None:
    answer = totals(posted, by=("industry", "year"))
    assert [
        (row["kind"], row["industry"], row["year"], row["currency"], row["events"], row["amount"])
        for row in answer.shown_as_dicts()
    ] == [
        ("grants", "AI", 2023, None, 1, None),
        ("pledge_cancellations", "AI", 2024, "CNY", 1, "500.00"),
        ("pledge_cancellations", "SEMI", 2024, "CNY", 1, "1000.00"),
        ("pledge_changes", "AI", 2023, "CNY", 1, "166.67"),
        ("pledge_changes", "SEMI", 2023, "CNY", 1, "333.33"),
        ("pledges", "AI", 2023, "CNY", 1, "333.33"),
        ("pledges", "AI", 2024, None, 1, None),
        ("pledges", "SEMI", 2023, "CNY", 1, "666.67"),
    ]
    assert answer.state.positions == posted.positions()


def test_totals_without_an_industry_are_the_whole(posted: Book) -> None:
    assert totals(posted, "pledges").shown_as_dicts() == [
        {"kind": "pledges", "currency": None, "events": 1, "with_amount": 0, "amount": None, "amount_minor": None},
        {
            "kind": "pledges",
            "currency": "CNY",
            "events": 1,
            "with_amount": 1,
            "amount": "1000.00",
            "amount_minor": 100_000,
        },
    ]


@pytest.mark.parametrize(
    ("by", "filters", "amounts"),
    [
        ((), ["year=2023"], ["1000.00"]),
        ((), ["year=2024"], [None]),
        ((), ["industry=SEMI"], ["666.67"]),
        (("industry",), ["industry=SEMI"], ["666.67"]),
        (("industry",), ["industry=ALL", "year=2023"], ["1000.00"]),
        ((), ["right=mixed"], ["1000.00"]),
        ((), ["right=design"], []),
        ((), ["region=CN-SH", "year=2023"], ["1000.00"]),
        ((), ["region=US"], []),
    ],
)
def test_totals_are_filtered(posted: Book, by: tuple[str, ...], filters: list[str], amounts: list[str | None]) -> None:
    answer = totals(posted, "pledges", by, filters=filters)
    assert [row["amount"] for row in answer.shown_as_dicts()] == amounts


def test_totals_exist_on_both_bases(book: Book) -> None:
    events = [registered(), corrected(registered(), secured=money("7.00"))]
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 2, [record(i, event) for i, event in enumerate(events)]))
    assert totals(book).shown_as_dicts()[0]["amount"] == "7.00"
    assert totals(book, basis="recorded").shown_as_dicts()[0]["amount"] == "1000.00"


def test_figures_are_on_the_corrected_basis(book: Book) -> None:
    events = [registered(), corrected(registered(), secured=money("7.00"))]
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 2, [record(i, event) for i, event in enumerate(events)]))
    for view in ("pledge_stock", "industry_year"):
        assert {amount for (amount,) in rows(book, f"SELECT amount FROM {view}")} == {"7.00"}
    BookSink(book).post(Batch(PLEDGE, HOME, 2, 3, [record(2, voided(registered()))]))
    for view in ("pledge_stock", "industry_year"):
        assert rows(book, f"SELECT * FROM {view}") == []


def test_a_view_is_filtered_by_text(posted: Book) -> None:
    found = ask_view(posted, "industry_year", filters=["year=2024", "industry=SEMI"]).shown_as_dicts()
    assert [(row["kind"], row["amount"]) for row in found] == [("pledge_cancellations", "1000.00")]


@pytest.mark.parametrize(
    ("kind", "by", "filters"), [("coins", (), []), (None, ("month",), []), (None, (), ["industry=XX"])]
)
def test_an_unknown_name_is_reported_with_the_known_ones(
    book: Book, kind: str | None, by: tuple[str, ...], filters: list[str]
) -> None:
    with pytest.raises(UnknownName, match=r"is not known\. Known: "):
        totals(book, kind, by, filters=filters)


def test_an_option_that_a_view_lacks_is_an_error(book: Book) -> None:
    with pytest.raises(UnknownName, match=r"The view 'coins' is not known\. `ip-ledger views` lists all\."):
        ask_view(book, "coins")
    with pytest.raises(NotDated, match="--as-of does not apply to journal"):
        ask_view(book, "journal", as_of=date(2024, 1, 1))
    with pytest.raises(OneBasis, match="--recorded does not apply to journal"):
        ask_view(book, "journal", basis="recorded")


def test_the_age_is_that_of_the_newest_record(book: Book) -> None:
    assert age_seconds(book) is None
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 1, [record(0, registered())]))
    age = age_seconds(book)
    assert age is not None
    assert age > 0
