"""Growth: a period compared with the same period of last year, by industry."""

from __future__ import annotations

from datetime import date
from typing import Any, Unpack

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.cells import NO_CURRENCY, WITHOUT_MONEY
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
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import book_day, day_text
from ledger.views.columns import CURRENCY, INDUSTRY_COLUMN, amount_columns
from ledger.views.view import NEWEST_DAY, Column
from schemas.currencies import CURRENCIES
from schemas.errors import UsageError

AMOUNT_COLUMNS = (
    INDUSTRY_COLUMN,
    CURRENCY,
    *amount_columns("this_period", "sum from 1 January to the day"),
    *amount_columns("same_period", "same for the year before"),
    Column("change", "ratio", "(this_period - same_period) / same_period; null if unknown or not above 0"),
    Column("events", "count", "events in this period, in any currency"),
    Column("with_amount", "count", "events with an amount in this currency"),
    Column("coverage", "ratio", "with_amount / events"),
    Column("record_high", "0 or 1", "1 if no earlier year has a higher sum in the same period"),
)
COUNT_COLUMNS = (
    INDUSTRY_COLUMN,
    Column("this_period", "count", "events from 1 January to the day", raw="events"),
    Column("same_period", "count", "same for the year before", raw="events_before"),
    Column("change", "ratio", "(this_period - same_period) / same_period; null for 0"),
    Column("record_high", "0 or 1", "1 if no earlier year has more events in the same period"),
)


class NoSuchAmount(UsageError):
    """No amount of {kind} in these two periods is in {currency}. {hint}"""


def growth_to_date(
    book: Book,
    kind: str = "pledges",
    until: date | None = None,
    *,
    region: str | None = None,
    currency: str | None = None,
    counts: bool = False,
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return the year up to a day (default: the newest business date of the book) and the same period of the year
    before, by industry; `ALL` is the whole. Kinds are those of `totals`; kinds without money are counted.

    The default currency is that of most events; `terms` has it, and the others. A region includes its subdivisions;
    CN-HK, CN-MO and CN-TW are HK, MO and TW.
    Raise UnknownName, NoSuchAmount, and the errors of `ask`.
    """
    number = known_kind(kind)
    if currency is not None and currency not in CURRENCIES:
        raise UnknownName(what="the currency", given=currency, known=CURRENCIES)
    values: dict[str, Any] = {"kind": number, "topic": topic_of(number), "basis": basis_number(basis)}
    values |= {"region": region} if region else {}
    with read_snapshot(book) as state:
        values["as_of"] = book_day(book, NEWEST_DAY) if until is None else day_number(until)
        found = [] if counts or number in WITHOUT_MONEY else _currencies(book, values)
        if currency and currency not in found and not counts:
            raise NoSuchAmount(kind=kind, currency=currency, hint=f"Their currencies: {', '.join(found) or 'none'}.")
        used = None if counts else currency or next(iter(found), None)
        values["currency"] = CURRENCIES[used].number if used else NO_CURRENCY
        relation = Relation(
            "The answer of growth",
            AMOUNT_COLUMNS if used else COUNT_COLUMNS,
            f"{period_sql(ALL_YEARS, region)},\n{query_sql('growth_to_date')}",
        )
        rows = ask(book, relation, values, choice)
    terms = {
        "industry_map": book.meta["industry_map"],
        "as_of": day_text(values["as_of"]),
        "basis": basis,
        "kind": kind,
        "region": region,
        "currency": used,
        "other_currencies": ",".join(code for code in found if code != used) or None,
    }
    return Answer(state, chosen_columns(relation, choice), rows, terms)


ALL_YEARS = """SELECT :as_of / 10000 UNION ALL SELECT year - 1 FROM years
  WHERE year > (SELECT min(period) FROM summary WHERE kind = :kind AND period BETWEEN 1 AND 9999)"""
TWO_YEARS = "VALUES (:as_of / 10000), (:as_of / 10000 - 1)"


def period_sql(years: str, region: str | None = None) -> str:
    """Return the SQL of `period`: the sums from 1 January to the day's month-day in each of these years."""
    source = query_sql("period_of_region" if region else "period_of_all")
    return f"WITH RECURSIVE years (year) AS (\n  {years}\n),\n{blocks_sql()},\nperiod AS (\n{source})"


def _currencies(book: Book, values: dict[str, Any]) -> list[str]:
    """Return the currencies of the amounts in the two periods, most events first."""
    sql = f"""{period_sql(TWO_YEARS, values.get("region"))}
SELECT code FROM period JOIN currency AS c ON c.number = period.currency
WHERE industry = 0 AND known > 0 AND year >= :as_of / 10000 - 1 GROUP BY code ORDER BY sum(known) DESC, code"""
    return [code for (code,) in book.connection.execute(sql, values)]
