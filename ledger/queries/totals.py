"""Totals along any of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.cells import INDUSTRY_NUMBERS, KINDS, LOW, NO_REGION, NO_RIGHT, RIGHTS
from ledger.posting.constants import CONSTANTS
from ledger.queries.state import Answer, one_state
from schemas.industry import INDUSTRIES
from schemas.money import CURRENCY_NUMBERS, decimal_text

BY = ("industry", "year", "region", "right")
"""What totals can be grouped by."""
MEASURES = ("events", "with_amount", "high", "low")
YEARLY = "(SELECT *, period AS year FROM summary WHERE period <= 9999)"
"""The summary by year: months and days have larger numbers."""
ALL_BUT_YEAR = 'kind, industry, region, "right", currency'
"""The key of the totals, but for its end."""


class TotalsQuestion(NamedTuple):
    """Which totals: one kind or all, grouped by columns, filtered by values, on one basis."""

    kind: str | None = None
    by: Sequence[str] = ()
    industry: str | None = None
    year: int | None = None
    region: str | None = None
    right: str | None = None
    recorded: bool = False


def ask_totals(book: Book, question: TotalsQuestion) -> Answer:
    """Totals by kind, the chosen columns and currency. With an industry the shares, without it the whole amounts."""
    sql, values = _totals_statement(question)
    with one_state(book) as (positions, age):
        rows = book.connection.execute(sql, values).fetchall()
    named = [_total(question.by, row) for row in rows]
    order = ("kind", *question.by, "currency")
    named.sort(key=lambda row: [row[column] or "" for column in order])  # what is null comes first
    columns = [*question.by, "kind", "currency", "events", "with_amount", "amount", "amount_minor"]
    return Answer(positions, age, columns, named)


def _totals_statement(question: TotalsQuestion) -> tuple[str, dict[str, Any]]:
    side = "recorded" if question.recorded else "corrected"
    columns = ['"right"' if column == "right" else column for column in _known("the column", question.by, BY)]
    whole = "industry" not in question.by or question.industry == "ALL"
    # Listed, not excluded: each industry and kind is then a stretch of the key of its own.
    conditions = ["industry = :all" if whole else f"industry IN ({_numbers(INDUSTRY_NUMBERS, 'ALL')})"]
    values: dict[str, Any] = {"all": INDUSTRY_NUMBERS["ALL"]}
    if question.industry is not None:
        conditions = ["industry = :industry"]
        values["industry"] = _number("the industry", question.industry, INDUSTRY_NUMBERS)
    if question.kind is not None:
        values["kind"] = _number("the kind", question.kind, KINDS)
    else:
        conditions.append(f"kind IN ({_numbers(KINDS)})")
    if question.right is not None:
        values["right"] = _number("the right", question.right, RIGHTS)
    values |= {name: value for name in ("year", "region") if (value := getattr(question, name)) is not None}
    conditions += [f'"{name}" = :{name}' for name in ("kind", "right", "year", "region") if name in values]
    keys = ", ".join(["kind", *columns, "currency"])
    asked = {*question.by, *values}
    sums = ", ".join(f"sum({side}_{measure}) AS {side}_{measure}" for measure in MEASURES)
    table = YEARLY if asked.isdisjoint({"region", "right"}) else "total"
    # The names of columns come from the constants above; what people say is bound.
    where = " AND ".join(conditions)
    if table == "total" and "year" not in asked:
        # First over the years, in the order of the key: then there is little left to sort.
        table = f"(SELECT {ALL_BUT_YEAR}, {sums} FROM total WHERE {where} GROUP BY {ALL_BUT_YEAR})"
        where = "true"
    sql = f"SELECT {keys}, {sums} FROM {table} WHERE {where} GROUP BY {keys} HAVING sum({side}_events) != 0"
    return sql, {name: value for name, value in values.items() if f":{name}" in sql}


_WORDS: dict[str, Mapping[Any, Any]] = {
    "industry": {industry.number: industry.code for industry in INDUSTRIES.values()},
    "right": {NO_RIGHT: None, **CONSTANTS["right"]},
    "region": {NO_REGION: None},
    "year": {},
}


def _total(by: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    kind, *keys, currency, events, with_amount, high, low = row
    total = {column: _WORDS[column].get(key, key) for column, key in zip(by, keys, strict=True)}
    code = CURRENCY_NUMBERS[currency].code if currency else None
    minor = high * LOW + low if code else None
    total["kind"] = CONSTANTS["kind"][kind]
    total["currency"] = code
    total["events"] = events
    total["with_amount"] = with_amount
    total["amount"] = decimal_text(minor, code) if minor is not None and code else None
    total["amount_minor"] = minor
    return total


def _number(what: str, given: str, known: Mapping[str, int]) -> int:
    _known(what, [given], known)
    return int(known[given])


def _numbers(known: Mapping[str, int], but: str = "") -> str:
    return ", ".join(str(number) for name, number in known.items() if name != but)


def _known(what: str, given: Sequence[str], known: Any) -> Sequence[str]:
    for name in given:
        if name not in known:
            raise UnknownName(what=what, given=name, known=known)
    return given
