"""Growth of a period to date, compared with the views that read every row."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.queries.period import NoSuchAmount, growth_to_date
from tests.each_case import each_case
from tests.events import money, registered
from tests.posting import post

pytestmark = pytest.mark.slow

DAY = date(2023, 6, 30)
YEAR_END = date(2023, 12, 31)


def test_growth_of_a_history_computed_by_hand(book: Book) -> None:
    post(
        book,
        registered("a", "P1", occurred_on="2021-06-30", secured=money("150.00")),
        registered("b", "P2", occurred_on="2022-01-01", secured=money("100.00")),
        registered("c", "P3", occurred_on="2022-07-01", secured=money("999.00")),
        registered("d", "P4", occurred_on="2023-06-30", secured=money("125.50")),
        registered("e", "P5", occurred_on="2023-03-02", secured=...),
        registered("f", "P6", occurred_on="2023-05-02", secured=money("7.00", "USD")),
        registered("g", "P7", occurred_on="2023-07-01", secured=money("1.00")),
    )
    answer = growth_to_date(book, until=DAY, filters=["industry=ALL"])
    (row,) = answer.shown_as_dicts()
    assert row == {
        "industry": "ALL",
        "currency": "CNY",
        "this_period": "125.50",
        "this_period_minor": 12550,
        "same_period": "100.00",
        "same_period_minor": 10000,
        "change": 0.255,
        "events": 3,
        "with_amount": 1,
        "coverage": pytest.approx(1 / 3),
        "record_high": 0,
    }
    terms = {name: answer.terms[name] for name in ("as_of", "kind", "currency", "other_currencies", "region")}
    assert terms == {
        "as_of": "2023-06-30",
        "kind": "pledges",
        "currency": "CNY",
        "other_currencies": "USD",
        "region": None,
    }
    (dollars,) = growth_to_date(book, until=DAY, currency="USD", filters=["industry=ALL"]).shown_as_dicts()
    assert (dollars["this_period"], dollars["same_period"], dollars["change"], dollars["record_high"]) == (
        "7.00",
        None,
        None,
        1,
    )
    (counted,) = growth_to_date(book, until=DAY, counts=True, filters=["industry=ALL"]).shown
    assert counted == ("ALL", 3, 1, 2.0, 1)


@each_case(
    ("kind", "basis", "day", "region"),
    product(
        ["pledges", "grants", "valuations", "loan_repayments"],
        ["corrected", "recorded"],
        [DAY, date(2024, 2, 29), YEAR_END, date(1999, 1, 1)],
        [None, "CN", "CN-GD"],
    ),
)
def test_growth_to_date_equals_the_view_that_reads_every_row(
    market: Path, kind: str, basis: str, day: date, region: str | None
) -> None:
    with queries.open(market) as book:
        answer = growth_to_date(book, kind, day, region=region, basis=basis)
        currency = answer.terms["currency"]
        filters = [f"metric={kind}", f"region={region or 'ALL'}", "right=ALL", f"currency={currency or ''}"]
        view = queries.view(book, "ytd_vs_same_period", as_of=day, basis=basis, filters=filters).rows_as_dicts()
    names = {"this_period_minor": "amount_minor", "same_period_minor": "amount_before_minor", "change": "growth"}
    if currency is None:
        names = {"this_period": "events", "same_period": "events_before", "change": "events_growth"}
    found = {row["industry"]: tuple(row[name] for name in names) for row in answer.rows_as_dicts()}
    expected = {row["industry"]: tuple(row[name] for name in names.values()) for row in view}
    shown = {industry: row for industry, row in found.items() if row[:2] != (None, None)}
    assert shown == expected
    assert region or bool(expected) == (day.year > 2000)


@pytest.mark.parametrize("region", [None, "CN", "CN-GD"])
def test_the_record_of_a_whole_year_equals_that_of_pledge_flow(market: Path, region: str | None) -> None:
    with queries.open(market) as book:
        answer = growth_to_date(book, "pledges", YEAR_END, region=region)
        filters = ["period=2023", f"region={region or 'ALL'}", "right=ALL", f"currency={answer.terms['currency']}"]
        view = queries.view(book, "pledge_flow", filters=filters).rows_as_dicts()
    rows = [row for row in answer.rows_as_dicts() if row["this_period"]]
    records = {row["industry"]: (row["record_high"], row["coverage"]) for row in rows}
    assert records == {row["industry"]: (row["record_high"], row["coverage"]) for row in view}
    assert len(records) > 1


def test_an_unknown_kind_or_currency_is_reported(market: Path) -> None:
    with queries.open(market) as book:
        with pytest.raises(UnknownName, match=r"Did you mean pledges\?"):
            growth_to_date(book, "pldges")
        with pytest.raises(UnknownName, match=r"Did you mean CNY\?"):
            growth_to_date(book, currency="CNX")
        with pytest.raises(NoSuchAmount, match=r"is in KWD\. Their currencies: CNY,"):
            growth_to_date(book, currency="KWD")


def test_an_empty_book_has_no_growth(book: Book) -> None:
    answer = growth_to_date(book)
    assert (list(answer.shown), answer.as_of) == ([], None)
