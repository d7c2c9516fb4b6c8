"""Patents by field of technology, or by the classes of another classification, in whole or fractional counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final, Unpack

import orjson

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.queries.answer import Answer
from ledger.queries.ask import (
    Choice,
    ask,
    basis_number,
    chosen_columns,
    parse_filters,
    query_sql,
    relation_of_rows,
)
from ledger.queries.filters import Filter, condition
from ledger.queries.parts import (
    EqualDocuments,
    PartCell,
    classes_and_rest,
    decimal_of,
    sums_by_class,
    symbols_without_class,
)
from ledger.queries.snapshot import read_snapshot
from ledger.views.view import Column
from schemas.classification import WIPO35, Classification
from schemas.errors import UsageError
from schemas.events import FILED, GRANTED, PUBLISHED
from schemas.ipc import common_spelling

DOCUMENTS: Final = {"grants": GRANTED, "publications": PUBLISHED, "filings": FILED}
SYMBOLS: Final = {
    "first": "each patent once, in the class of its first symbol",
    "each": "each patent once in every class of its symbols",
    "parts": "each of n symbols has 1/n of a patent",
}
"""The ways to count by symbols."""
APPLICANTS: Final = {
    "each": "once in every country of its applicants",
    "parts": "each of n applicants has 1/n of a patent",
}
"""The ways to count by applicants, where a country is asked for."""
_DECIMALS: Final = 6
"""The decimals of a fractional count."""
_NAMED: Final = 5
"""The number of symbols without a class that an answer names."""
_KEYS: Final = {
    "year": Column("year", "year", "year of the document"),
    "office": Column("office", "WIPO ST.3", "office of the document"),
    "right": Column("right", "text", "`invention`, `utility_model`, `design` or `plant`", "right"),
    "region": Column("region", "ISO 3166", "region of the first applicant"),
    "country": Column("country", "ISO 3166-1", "country of applicants; null if unknown"),
}
FIELD_KEYS: Final = ("field", "group", *_KEYS)
"""Columns to group by."""
_FIELD = Column("field", "code", "code of the class; null for none")
_GROUP = Column("group", "text", "group of the class: a sector of WIPO's fields")
_NAMES = (
    Column("name_en", "text", "English name; `no symbol` or `no class` without a code"),
    Column("name_zh", "text", "Chinese name"),
)
_COUNT = (Column("patents", "count", "whole patents"),)
FRACTIONAL_COLUMNS: Final = (
    Column("patents", "decimal text", f"sum of the parts, rounded half up to {_DECIMALS} decimals"),
    Column("exact", "text", "the same as a fraction"),
)
FIELD_FILTERS: Final = tuple(_KEYS.values())
"""The columns that filters may use."""
FIELD_COLUMNS: Final = (_FIELD, _GROUP, *_NAMES, *FIELD_FILTERS, *_COUNT, *FRACTIONAL_COLUMNS[1:])
"""All columns of answers; which of them an answer has depends on what it is grouped by."""


class SeveralCountries(UsageError):
    """A whole count over several countries would count a patent once in each of them. Add `--by country`, ask for one
    country, or use `--applicants parts`."""


def fields(
    book: Book,
    kind: str = "grants",
    by: Sequence[str] = ("field", "year"),
    *,
    classification: Classification = WIPO35,
    symbols: str = "first",
    applicants: str = "each",
    basis: str = "corrected",
    **choice: Unpack[Choice],
) -> Answer:
    """Return patents by class and any of BY: whole counts by the first symbol, fractional ones with `parts`. Filters
    may use year, office, right, region and country, grouped by or not.

    Raise UnknownName, SeveralCountries, and the errors of `ask`.
    """
    require_known(kind, "the kind of document", DOCUMENTS)
    require_known(symbols, "the count by symbols", SYMBOLS)
    require_known(applicants, "the count by applicants", APPLICANTS)
    for name in by:
        require_known(name, "the column", FIELD_KEYS)
    filters = parse_filters(choice.get("filters", ()))
    inside = [asked for asked in filters if asked.column in _KEYS]
    keys = [name for name in _KEYS if name in by]
    by_country = "country" in {*keys, *(asked.column for asked in inside)}
    shared = by_country and applicants == "parts"
    if by_country and not shared and "country" not in keys and not _is_one_country(inside):
        raise SeveralCountries
    fractional = shared or symbols == "parts"
    columns = (*_columns(by), *(FRACTIONAL_COLUMNS if fractional else _COUNT))
    relation = relation_of_rows("The answer of fields", columns)
    outside = choice.copy()
    outside["filters"] = [asked for asked in filters if asked.column not in _KEYS]
    with read_snapshot(book) as state:
        groups = documents(book, kind, basis, keys, inside, by_country=by_country, shared=shared)
        sums = sums_by_class(groups, classification, symbols)
        cells = list(_cells(sums, by, keys, classification, fractional=fractional))
        rows = ask(book, relation, {"rows": orjson.dumps(cells).decode()}, outside)
    spelled = [common_spelling(symbol) for symbol in symbols_without_class(groups, classification)]
    terms = {
        "classification": classification.cited,
        "basis": basis,
        "kind": kind,
        "count": f"{'fractional' if fractional else 'whole'}: {SYMBOLS[symbols]}"
        + (f"; {APPLICANTS[applicants]}" if by_country else ""),
        "symbols_without_class": f"{len(spelled)}: {', '.join(spelled[:_NAMED])}" if spelled else None,
    }
    return Answer(state, chosen_columns(relation, outside), rows, terms)


def require_known(name: str, what: str, names: Collection[str]) -> None:
    """Raise UnknownName if a name is not one of these."""
    if name not in names:
        raise UnknownName(what=what, given=name, known=names)


def documents(
    book: Book,
    kind: str,
    basis: str,
    keys: Sequence[str],
    filters: Sequence[Filter] = (),
    *,
    by_country: bool = False,
    shared: bool = False,
) -> list[EqualDocuments]:
    """Return the documents of a kind, grouped by keys and symbols; `shared` divides them among their applicants."""
    values: dict[str, Any] = {"type": DOCUMENTS[kind], "basis": basis_number(basis)}

    def bind(value: object) -> str:
        values[f"t{len(values)}"] = value
        return f":t{len(values) - 1}"

    conditions = [condition(_KEYS[asked.column], asked, bind) for asked in filters] or ["true"]
    grouped = ", ".join((*(f'v."{name}"' for name in keys), "v.ipc", *(("v.mine", "v.parties") if shared else ())))
    source = query_sql("documents_by_country" if by_country else "documents")
    sql = f"""SELECT {grouped}{"" if shared else ", 1, 1"}, count(*) FROM (
{source}) AS v
WHERE {" AND ".join(conditions)}
GROUP BY {grouped}"""
    found = book.connection.execute(sql, values).fetchall()
    return [EqualDocuments(row[: len(keys)], *row[len(keys) :]) for row in found]


def _columns(by: Sequence[str]) -> Iterator[Column]:
    for name in by:
        if name == "field":
            yield from (_FIELD, *(() if "group" in by else (_GROUP,)), *_NAMES)
        else:
            yield _KEYS.get(name, _GROUP)


def _cells(
    sums: dict[tuple[PartCell, str], Fraction],
    by: Sequence[str],
    keys: Sequence[str],
    classification: Classification,
    *,
    fractional: bool,
) -> Iterator[list[Any]]:
    """Yield the rows, ordered by the columns in `by`, classes as in their file."""
    classes = classes_and_rest(classification)
    indexes = {code: index for index, code in enumerate(classes)}
    groups = {one.group: index for index, one in reversed([*enumerate(classification.classes.values())])}
    totals: dict[tuple[Any, ...], Fraction] = {}
    shown: dict[tuple[Any, ...], list[Any]] = {}
    for (cell, code), number in sums.items():
        of = dict(zip(keys, cell, strict=True))
        one = classes[code]
        order: list[Any] = []
        row: list[Any] = []
        for name in by:
            if name == "field":
                order.append(indexes[code])
                row += [one.code or None, *(() if "group" in by else (one.group or None,)), one.name_en, one.name_zh]
            elif name == "group":
                order.append(groups[one.group] if one.code else len(indexes))
                row.append(one.group or None)
            else:
                order.append((of[name] is not None, of[name] or 0) if name != "year" else of[name])
                row.append(of[name])
        key = tuple(order)
        totals[key] = totals.get(key, Fraction()) + number
        shown[key] = row
    for key in sorted(totals):
        number = totals[key]
        counted = [decimal_of(number, _DECIMALS), str(number)] if fractional else [int(number)]
        yield [*shown[key], *counted]


def _is_one_country(filters: Sequence[Filter]) -> bool:
    asked = [one for one in filters if one.column == "country"]
    return any(one.operator == "=" and len(one.values) == 1 for one in asked)
