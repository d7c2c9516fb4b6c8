"""Comparison of a book's rows of entities with the state of each entity on each day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.independent.days import EntityRow, EntityRows, changing_days, rows_on
from ledger.independent.law import day_before
from ledger.independent.numbers import CURRENCY_CODES, INDUSTRY_CODES, LOW, RIGHTS, TYPES, iso
from ledger.independent.records import rows_always
from ledger.independent.terms import Life

TABLES = {
    "ip.pledge.v1": ("pledge", "pledge_state", "pledge_asset", "pledge_payment", "alert", "acknowledgement"),
    "ip.patent.v1": ("document", "citation", "patent", "patent_fee", "patent_note", "genai_patent", "patent_reading"),
    "ip.trademark.v1": ("trademark",),
    "ip.pct.v1": ("pct_filing",),
    "ip.deal.v1": ("deal", "deal_asset", "acceptance", "need"),
    "ip.loan.v1": ("loan", "loan_payment"),
    "ip.valuation.v1": ("valuation", "valuation_request", "valuation_refusal", "valuation_input"),
    "ip.reference.v1": (
        "fx_rate",
        "population",
        "policy",
        "weight_set",
        "valuation_model",
        "party_control",
        "published_figure",
    ),
}
"""Topic -> the tables of its entities."""
WITHOUT_GAPS = ("pledge_state", "patent", "patent_fee", "trademark", "deal", "loan")
"""Tables that have a row of a key on every day after its first."""
END = 99_991_231
_SPAN = ("since", "until")


class Columns(NamedTuple):
    """The columns of a table of entities behind partition, entity and basis; and how many of them are in its key."""

    names: Sequence[str]
    keys: int


StoredRows = Iterable[tuple[str, Sequence[Any]]]
"""The rows of an entity on a basis: (table, values of its columns)."""


class RowMismatch(NamedTuple):
    """The first rows of an entity that differ: their table, the day (empty: every day), and the rows."""

    table: str
    day: str
    book: Any
    log: Any


def first_mismatch(stored: StoredRows, life: Life, columns: Mapping[str, Columns]) -> RowMismatch | None:
    """Return the first difference of the rows of an entity on a basis, in any order, from its state on each day."""
    return next(_mismatches(stored, life, columns), None)


def _mismatches(stored: StoredRows, life: Life, columns: Mapping[str, Columns]) -> Iterator[RowMismatch]:
    tables: dict[str, list[EntityRow]] = defaultdict(list)
    for table, values in stored:
        tables[table].append(_decoded(columns[table], values))
    for table, rows in tables.items():
        key = _key_of(columns[table])
        rows.sort(key=lambda row, key=key: (*key(row), row.get("since")))  # type: ignore[misc]
    always = rows_always(life)
    for table in sorted({*always, *(table for table in tables if "until" not in columns[table].names)}):
        rows = [_without_days(row) for row in tables.get(table, [])]
        if rows != (expected := sorted(always.get(table, []), key=_key_of(columns[table]))):
            yield RowMismatch(table, "", rows, expected)
    dated = {table: rows for table, rows in tables.items() if "until" in columns[table].names}
    yield from _mismatches_by_day(dated, life)
    for table in WITHOUT_GAPS:
        if table in dated:
            yield from _gaps(table, dated[table], _key_of(columns[table]))


def _mismatches_by_day(dated: EntityRows, life: Life) -> Iterator[RowMismatch]:
    """Compare on each day on which something changes, and on the days before these."""
    changes = {*changing_days(life), *(iso(row[day]) for rows in dated.values() for row in rows for day in _SPAN)}
    for day in sorted({*changes, *(day_before(day) for day in changes)} - {"9999-12-31", "9999-12-30"}):
        found, expected = _on(dated, day), rows_on(life, day)
        for table in sorted({*found, *expected}):
            if found.get(table) != expected.get(table):
                yield RowMismatch(table, day, found.get(table), expected.get(table))


def _gaps(table: str, rows: Sequence[EntityRow], key_of: Any) -> Iterator[RowMismatch]:
    spans: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        spans[key_of(row)].append((row["since"], row["until"]))
    for found in spans.values():
        expected = [*zip((since for since, _ in found), [*(since for since, _ in found[1:]), END], strict=True)]
        if found != expected or any(since >= until for since, until in found):
            yield RowMismatch(table, "", found, expected)


def _on(tables: EntityRows, day: str) -> EntityRows:
    """Return the rows that hold on a day, without the columns that are in `rows_always`."""
    number = int(day.replace("-", ""))
    on = {table: [row for row in rows if row["since"] <= number < row["until"]] for table, rows in tables.items()}
    found = {
        table: [_of_the_day(table, ordinal, row) for ordinal, row in enumerate(rows)] for table, rows in on.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def _of_the_day(table: str, ordinal: int, row: EntityRow) -> EntityRow:
    if table in ("valuation", "policy", "weight_set", "valuation_model", "party_control"):
        return {"offset": row["offset"]}
    if table == "pledge_asset":
        row = row | {"ordinal": ordinal}  # assets that join on a later day have ordinals, too
    return _without_days(row)


def _without_days(row: EntityRow) -> EntityRow:
    return {name: value for name, value in row.items() if name not in _SPAN}


def _key_of(columns: Columns) -> Any:
    names = [name for name in columns.names[: columns.keys] if name not in _SPAN]
    return lambda row: tuple(_TYPE_NUMBERS.get(row[name], row[name]) for name in names)


_TYPE_NUMBERS = {name: number for number, name in TYPES.items()}


# ---- decoded rows


def _decoded(columns: Columns, values: Iterable[Any]) -> EntityRow:
    row = dict(_values(zip(columns.names, values, strict=True)))
    if "disbursed_high" in row:
        for part in ("disbursed", "repaid", "compensated"):
            row[part] = row.pop(f"{part}_high") * LOW + row.pop(f"{part}_low")
    return row


def _values(row: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in row:
        if value is None or name in _SPAN:
            yield name, value
        elif name in _NAMES and isinstance(value, int):
            yield name, _NAMES[name].get(value, value)
        elif name in _DAYS or name.endswith("_on"):
            yield name, iso(value)
        elif name == "rights":
            yield name, [RIGHTS.get(number, number) for number in json.loads(value)]
        elif name in _JSON:
            yield name, json.loads(value)
        else:
            yield name, value


_NAMES: dict[str, Mapping[int, str | None]] = {
    "right": RIGHTS,
    "type": TYPES,
    "industry": INDUSTRY_CODES,
    "currency": CURRENCY_CODES,
    "first_currency": CURRENCY_CODES,
}
_DAYS = [
    "day",
    "as_of",
    "holds_from",
    "debt_from",
    "debt_to",
    "term_to",
    "term_end",
    "valid_to",
    "period_from",
    "period_to",
]
_JSON = [
    "pledgors",
    "pledgees",
    "debtor",
    "borrower",
    "waivers",
    "applicants",
    "assignees",
    "inventor_countries",
    "countries",
    "ipc",
    "codes",
    "kinds",
    "revenues",
]
