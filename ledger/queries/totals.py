"""Totals by any of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Unpack

from ledger.book.book import Book
from ledger.book.past import PastBook
from ledger.nearest import UnknownName
from ledger.posting.cells import ALL_INDUSTRIES, INDUSTRY_NUMBERS, KINDS, LOW
from ledger.queries.answer import Answer, AnswerRow
from ledger.queries.ask import Choice, Relation, ask, basis_number, chosen_columns, parse_filters
from ledger.queries.filters import Filter, condition
from ledger.queries.snapshot import read_snapshot
from ledger.views.columns import CURRENCY, INDUSTRY_COLUMN, KIND_COLUMN, TOTAL_COLUMNS
from ledger.views.view import Column
from schemas.errors import UsageError

COLUMNS = {
    "kind": KIND_COLUMN,
    "industry": INDUSTRY_COLUMN,
    "year": Column("year", "year", "year of the business date"),
    "region": Column("region", "ISO 3166", "region of the first applicant or pledgor", "region"),
    "right": Column("right", "text", "kind of right; `mixed` for several", "right"),
    "currency": CURRENCY,
}
BY = ("industry", "year", "region", "right")
"""Columns to group totals by."""
KIND_NAMES = tuple(KINDS)
_SIDE = ("events", "with_amount", "high", "low")
_YEARLY = "(SELECT *, period AS year FROM summary WHERE period <= 9999)"
"""The summary by year: periods of months and days have larger numbers."""
_ALL_BUT_YEAR = 'kind, industry, region, "right", currency'
"""The key of the totals without the year."""


class SeveralIndustries(UsageError):
    """A sum over several industries would count an event once in each that it touches. Use `--by industry`, filter by
    one industry, or omit the industry for the whole."""


def totals(
    book: Book,
    kind: str | None = None,
    by: Sequence[str] = (),
    *,
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return totals by kind, the chosen columns and currency: with an industry its shares, without one whole amounts.
    Filters may use kind, industry, year, region, right and currency, grouped by or not.

    Raise UnknownName, SeveralIndustries, and the errors of `ask`.
    """
    for name in by:
        if name not in BY:
            raise UnknownName(what="the column", given=name, known=BY)
    basis_number(basis)
    filters = parse_filters(choice.get("filters", ()))
    if kind is not None:
        filters.append(Filter.exactly("kind", kind))
    inside = [asked for asked in filters if asked.column in COLUMNS]
    sql, values = _sums(inside, by, basis, past=isinstance(book, PastBook))
    columns = (*(COLUMNS[name] for name in (*by, "kind", "currency")), *TOTAL_COLUMNS)
    relation = Relation("The answer of totals", columns, sql, filtered=COLUMNS)
    outside = Choice(
        filters=[asked for asked in filters if asked.column not in COLUMNS],
        columns=choice.get("columns", ()),
        sort=choice.get("sort") or ("kind", *by, "currency"),
        limit=choice.get("limit"),
    )
    if "after" in choice:
        outside["after"] = choice["after"]
    with read_snapshot(book) as state:
        rows = ask(book, relation, values, outside)
    shown = chosen_columns(relation, outside)
    for index, column in enumerate(shown):
        if column.form == "minor":
            _make_integers(rows, index)
    return Answer(state, shown, rows, {"industry_map": book.meta["industry_map"], "basis": basis})


def _make_integers(rows: list[AnswerRow], index: int) -> None:
    """Replace the texts of a column by integers: SQLite has none that are so large, JSON does."""
    for number, row in enumerate(rows):
        if type(row[index]) is str:
            rows[number] = (*row[:index], int(row[index]), *row[index + 1 :])


def _sums(filters: Sequence[Filter], by: Sequence[str], basis: str, *, past: bool) -> tuple[str, dict[str, object]]:
    """Return the SQL of sums, with amounts in halves, and its parameters."""
    values: dict[str, object] = {}

    def bind(value: object) -> str:
        values[f"t{len(values)}"] = value
        return f":t{len(values) - 1}"

    conditions = [condition(COLUMNS[asked.column], asked, bind) for asked in filters]
    conditions += _listed(filters, by)
    where = " AND ".join(conditions)
    keys = ", ".join(f'"{name}"' for name in ("kind", *by, "currency"))
    sums = ", ".join(f"sum({basis}_{measure}) AS {basis}_{measure}" for measure in _SIDE)
    asked_for = {*by, *(asked.column for asked in filters)}
    table = "total_line" if past else _YEARLY if asked_for.isdisjoint({"region", "right"}) else "total"
    if table == "total" and "year" not in asked_for:
        # Sum over the years first, in key order: then little is left to sort.
        table = f"(SELECT {_ALL_BUT_YEAR}, {sums} FROM total AS v WHERE {where} GROUP BY {_ALL_BUT_YEAR})"
        where = "true"
    return (
        f"""SELECT {keys}, {basis}_events AS events, {basis}_with_amount AS with_amount, c.decimals,
  iif(c.number IS NULL, NULL, {basis}_high + {basis}_low / {LOW}) AS amount_high, {basis}_low % {LOW} AS amount_low
FROM (
  SELECT {keys}, {sums} FROM {table} AS v WHERE {where} GROUP BY {keys} HAVING sum({basis}_events) != 0
) AS sums LEFT JOIN currency AS c ON c.number = sums.currency""",
        values,
    )


def _listed(filters: Sequence[Filter], by: Sequence[str]) -> list[str]:
    """Return the SQL of the industries and kinds without a filter. They are listed, not excluded, so that each is one
    range of the key. Raise SeveralIndustries."""
    conditions = []
    industries = [asked for asked in filters if asked.column == "industry"]
    if "industry" not in by:
        if any(asked.operator != "=" or len(asked.values) > 1 for asked in industries):
            raise SeveralIndustries
        if not industries:
            conditions.append(f"v.industry = {ALL_INDUSTRIES}")
    elif not any(asked.operator == "=" for asked in industries):
        conditions.append(f"v.industry IN ({_numbers(n for n in INDUSTRY_NUMBERS.values() if n != ALL_INDUSTRIES)})")
    if not any(asked.column == "kind" for asked in filters):
        conditions.append(f"v.kind IN ({_numbers(KINDS.values())})")
    return conditions or ["true"]


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
