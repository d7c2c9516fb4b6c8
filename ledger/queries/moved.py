"""Differences between two positions: the totals that differ, and the events that moved them."""

from __future__ import annotations

from typing import Unpack

from ledger.book.book import Book
from ledger.book.known import as_moved
from ledger.book.past import PastBook
from ledger.book.position import position_text
from ledger.posting.cells import LOW
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, basis_number, chosen_columns, parse_filters
from ledger.queries.filters import condition
from ledger.queries.snapshot import read_snapshot
from ledger.queries.totals import COLUMNS
from ledger.queries.view import view
from ledger.views.columns import CURRENCY, INDUSTRY_COLUMN, KIND_COLUMN, amount_columns
from ledger.views.view import Column

MOVED_COLUMNS = (
    KIND_COLUMN,
    INDUSTRY_COLUMN,
    COLUMNS["year"],
    CURRENCY,
    Column("events_before", "count", "events at the first position"),
    Column("events_after", "count", "events at the second position"),
    Column("events_moved", "count", "the second minus the first"),
    *amount_columns("amount_before", "amount at the first position"),
    *amount_columns("amount_after", "amount at the second position"),
    *amount_columns("amount_moved", "the second minus the first"),
)
_CELL = ("kind", "industry", "year", "currency")
_MEASURES = ("events", "with_amount", "high", "low")


def moved(book: Book, since: str, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Answer:
    """Return the totals that moved since an earlier position or time: by kind, industry (`ALL` for the whole), year and
    currency. Filters may also use region and right. The later position is that of the book: see `as_known`.

    Raise UnknownName, BadMoment, BadPosition, BeyondBook, NotBefore, and the errors of `ask`.
    """
    basis_number(basis)
    filters = parse_filters(choice.get("filters", ()))
    with read_snapshot(book):
        between = as_moved(book, since)
        values: dict[str, object] = {}

        def bind(value: object) -> str:
            values[f"m{len(values)}"] = value
            return f":m{len(values) - 1}"

        inside = [condition(COLUMNS[asked.column], asked, bind) for asked in filters if asked.column in COLUMNS]
        relation = Relation("The answer of diff", MOVED_COLUMNS, _sql(basis, inside))
        choice["filters"] = [asked for asked in filters if asked.column not in COLUMNS]
        choice["sort"] = choice.get("sort") or _CELL
        with read_snapshot(between) as state:
            rows = ask(between, relation, values, choice)
    return Answer(state, chosen_columns(relation, choice), rows, {**_terms(between), "basis": basis})


def moved_by(book: Book, since: str, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Answer:
    """Return the postings since an earlier position or time, each with its event, as the view `lineage` has them.

    Raise the errors of `moved`.
    """
    with read_snapshot(book):
        between = as_moved(book, since)
        found = view(between, "lineage", basis=basis, **choice)
    return Answer(found.state, found.columns, found.shown, {**_terms(between), "basis": basis})


def _terms(between: PastBook) -> dict[str, str | None]:
    return {"since": position_text(between.since or ())}


def _sql(basis: str, inside: list[str]) -> str:
    keys = ", ".join(_CELL)
    sides = {"before": "total_before_line", "after": "total_line"}
    where = " AND ".join(inside) or "true"
    parts = []
    for side, table in sides.items():
        shown = [
            f"{f'{basis}_{measure}' if each == side else 0} AS {measure}_{each}"
            for each in sides
            for measure in _MEASURES
        ]
        parts.append(f"SELECT {keys}, {', '.join(shown)} FROM {table} AS v WHERE {where}")
    sums = ", ".join(f"sum({measure}_{each}) AS {measure}_{each}" for each in sides for measure in _MEASURES)
    state = f"events_{{side}}, with_amount_{{side}}, high_{{side}} + low_{{side}} / {LOW}, low_{{side}} % {LOW}"
    low = f"((low_after - low_before) % {LOW} + {LOW}) % {LOW}"
    return f"""SELECT {keys}, c.decimals, events_before, events_after, events_after - events_before AS events_moved,
  {_halves("before")}, {_halves("after")},
  iif(c.number IS NULL, NULL, high_after - high_before + (low_after - low_before - {low}) / {LOW}) AS amount_moved_high,
  {low} AS amount_moved_low
FROM (
  SELECT {keys}, {sums} FROM (
    {" UNION ALL ".join(parts)}
  ) GROUP BY {keys}
) AS sums LEFT JOIN currency AS c ON c.number = sums.currency
WHERE ({state.format(side="before")}) != ({state.format(side="after")})"""


def _halves(side: str) -> str:
    return f"""iif(c.number IS NULL, NULL, high_{side} + low_{side} / {LOW}) AS amount_{side}_high,
  low_{side} % {LOW} AS amount_{side}_low"""
