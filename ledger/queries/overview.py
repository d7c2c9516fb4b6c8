"""Queries of an overview. They read sums by year, month and day, so their cost does not grow with the log."""

from __future__ import annotations

from datetime import date
from typing import Final, Unpack

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.cells import Stock
from ledger.posting.days import day_number
from ledger.queries.answer import Answer
from ledger.queries.ask import (
    Choice,
    Relation,
    ask,
    basis_number,
    blocks_sql,
    chosen_columns,
    known_kind,
    query_sql,
    topic_of,
)
from ledger.queries.period import TWO_YEARS, period_sql
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import book_day, day_text, view
from ledger.views.columns import (
    CURRENCY,
    EVENT_ID,
    INDUSTRY_COLUMN,
    INDUSTRY_NAMES,
    PLACE,
    YEAR_TO_DATE_COLUMNS,
    amount_columns,
)
from ledger.views.view import NEWEST_DAY, Column

STOCK_KINDS: Final = {name.lower(): number for name, number in vars(Stock).items() if name.isupper()}
"""pledges, patents, trademarks."""

_INDUSTRY = (INDUSTRY_COLUMN, *INDUSTRY_NAMES)
_GROWTH = (
    Column("events_growth", "ratio", "(events - events_before) / events_before; null for 0"),
    Column("growth", "ratio", "(amount - amount_before) / amount_before; null if unknown or not above 0"),
)

YEAR_TO_DATE = (
    *_INDUSTRY,
    CURRENCY,
    *YEAR_TO_DATE_COLUMNS,
    *_GROWTH,
)
GROWTH = (
    Column("year", "year", "year of the business date"),
    *_INDUSTRY,
    CURRENCY,
    Column("events", "count", "events in the year, in any currency"),
    Column("events_before", "count", "same for the year before; null without any"),
    Column("with_amount", "count", "events with an amount in this currency"),
    *amount_columns("amount", "exact sum over the year"),
    *amount_columns("amount_before", "same for the year before"),
    *_GROWTH,
)
BY_MONTH = (
    Column("year", "year", "year of the business date"),
    Column("month", "month", "1 to 12"),
    CURRENCY,
    Column("events", "count", "events in the month, in any currency"),
    Column("with_amount", "count", "events with an amount in this currency"),
    *amount_columns("amount", "exact sum over the month"),
)
BY_YEAR = tuple(column for column in BY_MONTH if column.name != "month")
STOCK_BY_INDUSTRY = (
    *_INDUSTRY,
    CURRENCY,
    Column("day", "date", "day of the stock", "day"),
    Column("in_force", "count", "pledges, patents or trademarks in force"),
    *amount_columns("amount", "secured amount in force"),
)
NEWEST_EVENTS = (
    *PLACE,
    Column("broker_timestamp", "ms since 1970 UTC", "timestamp of the record", raw="timestamp"),
    Column("outcome", "text", "`accepted`, `duplicate`, `conflict` or `rejected`", "outcome"),
    Column("type", "text", "event type", "type"),
    Column("subject", "text", "entity of the event; the Kafka key"),
    Column("occurred_on", "date", "business date", "day"),
    Column("source", "text", "publisher of the event"),
    EVENT_ID,
    Column("rule", "text", "rule of the rejection", "rule"),
)


def year_to_date(
    book: Book, kind: str, as_of: date | None = None, *, basis: str = "corrected", **choice: Unpack[Choice]
) -> Answer:
    """Return the year up to a day (default: the newest business date of the book) and the same days of the year
    before, by industry; `ALL` is the whole. Kinds are those of `totals`."""
    sql = f"{period_sql(TWO_YEARS)},\n{query_sql('year_to_date')}"
    relation = Relation("The answer of year_to_date", YEAR_TO_DATE, sql)
    number = known_kind(kind)
    return _dated(book, relation, number, as_of, basis, choice, topic=topic_of(number))


def stock_by_industry(
    book: Book, kind: str = "pledges", as_of: date | None = None, *, basis: str = "corrected", **choice: Unpack[Choice]
) -> Answer:
    """Return the stock on a day (default: the newest business date of the book) by industry; `ALL` is the whole. The
    kind is pledges, patents or trademarks."""
    if kind not in STOCK_KINDS:
        raise UnknownName(what="the stock", given=kind, known=STOCK_KINDS)
    relation = Relation("The answer of stock_by_industry", STOCK_BY_INDUSTRY, query_sql("stock_by_industry"))
    return _dated(book, relation, STOCK_KINDS[kind], as_of, basis, choice)


def growth(book: Book, kind: str, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Answer:
    """Return each year and the year before, by industry; `ALL` is the whole. The current year is compared with a
    whole one: `year_to_date` compares equal periods."""
    relation = Relation("The answer of growth", GROWTH, query_sql("growth"))
    return _undated(book, relation, known_kind(kind), basis, choice)


def by_month(
    book: Book,
    kind: str,
    as_of: date | None = None,
    *,
    months: int = 36,
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return the month of a day (default: the newest business date of the book) up to it, and this many months before,
    over all industries, by currency."""
    relation = Relation("The answer of by_month", BY_MONTH, f"WITH RECURSIVE {blocks_sql()},\n{query_sql('by_month')}")
    number = known_kind(kind)
    return _dated(book, relation, number, as_of, basis, choice, topic=topic_of(number), months=months)


def by_year(book: Book, kind: str, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Answer:
    """Return each year over all industries, by currency."""
    relation = Relation("The answer of by_year", BY_YEAR, query_sql("by_year"))
    return _undated(book, relation, known_kind(kind), basis, choice)


def falling_due(book: Book, as_of: date | None = None, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Answer:
    """Return the maturity ladder of the pledges in force on a day: the view `maturity`."""
    return view(book, "maturity", basis=basis, as_of=as_of, **choice)


def newest_events(book: Book, limit: int = 20) -> Answer:
    """Return the newest records of the log, of any outcome, newest first. Raise BadLimit."""
    relation = Relation("The answer of newest_events", NEWEST_EVENTS, query_sql("newest_events"))
    with read_snapshot(book) as state:
        rows = ask(book, relation, {"most": limit}, {"limit": limit})
    return Answer(state, NEWEST_EVENTS, rows, {})


def _dated(
    book: Book, relation: Relation, kind: int, as_of: date | None, basis: str, choice: Choice, **more: int
) -> Answer:
    values: dict[str, int | None] = {"kind": kind, "basis": basis_number(basis), **more}
    with read_snapshot(book) as state:
        values["as_of"] = book_day(book, NEWEST_DAY) if as_of is None else day_number(as_of)
        rows = ask(book, relation, values, choice)
    terms = {"industry_map": book.meta["industry_map"], "as_of": day_text(values["as_of"]), "basis": basis}
    return Answer(state, chosen_columns(relation, choice), rows, terms)


def _undated(book: Book, relation: Relation, kind: int, basis: str, choice: Choice) -> Answer:
    with read_snapshot(book) as state:
        rows = ask(book, relation, {"kind": kind, "basis": basis_number(basis)}, choice)
    terms = {"industry_map": book.meta["industry_map"], "basis": basis}
    return Answer(state, chosen_columns(relation, choice), rows, terms)
