"""Compare a book's tables of entities, and its sums by month and year, with the model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger.book.book import Book
from ledger.independent.days import Row, Rows, rows_on, turning_days
from ledger.independent.fold import Cell, Figures, Result
from ledger.independent.law import day_before
from ledger.independent.records import rows_always
from ledger.independent.stocks import turns_of
from ledger.independent.terms import Contribution, Life
from ledger.posting.cells import BASES, LOW, STOCKS, Due, Stock
from ledger.posting.constants import CONSTANTS
from ledger.posting.rows import COLUMNS, KEY_COLUMNS
from schemas.currencies import CURRENCY_NUMBERS
from schemas.industry import INDUSTRIES

TOPICS = {
    "ip.pledge.v1": ("pledge", "pledge_state", "pledge_asset", "pledge_payment", "alert", "acknowledgement"),
    "ip.patent.v1": ("document", "citation", "patent", "patent_fee", "patent_note"),
    "ip.trademark.v1": ("trademark",),
    "ip.pct.v1": ("pct_filing",),
    "ip.deal.v1": ("deal", "deal_asset", "acceptance"),
    "ip.loan.v1": ("loan", "loan_payment"),
    "ip.valuation.v1": ("valuation", "valuation_request", "valuation_refusal", "valuation_input"),
    "ip.reference.v1": ("fx_rate", "population", "policy", "weight_set", "valuation_model", "published_figure"),
}
WITHOUT_GAPS = ("pledge_state", "patent", "patent_fee", "trademark", "deal", "loan")
"""Tables that have a row of a key on every day after its first."""
END = 99_991_231
Kept = dict[tuple[str, int, int], list[tuple[str, Sequence[Any]]]]
"""(topic, partition, entity) -> its rows on a basis: (table, columns)."""


def assert_entities(book: Book, expected: Result) -> None:
    """Assert that each entity's rows are the model's on each day, and that the sums are those of all entities."""
    assert sorted(table for tables in TOPICS.values() for table in tables) == sorted(COLUMNS)
    for basis, number in BASES.items():
        kept = _kept(book, number)
        entities = {(*one.place, one.events[0].offset): one.lives[basis] for one in expected.entities}
        assert kept.keys() <= entities.keys()
        for entity, life in entities.items():
            assert_entity(kept.get(entity, []), life)
    _assert_written_once(book)
    _assert_sums(book, expected)


def assert_entity(kept: Iterable[tuple[str, Sequence[Any]]], life: Life) -> None:
    """Assert that the rows (table, columns) of an entity on a basis are the model's on each day, in any order."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for table, columns in kept:
        tables[table].append(_decoded(table, columns))
    for table, rows in tables.items():
        rows.sort(key=_in_order(table))
    always = rows_always(life)
    for table in {*always, *(table for table in tables if "until" not in COLUMNS[table])}:
        rows = [_without_days(row) for row in tables.get(table, [])]
        assert rows == sorted(always.get(table, []), key=_key_of(table)), table
    dated = {table: rows for table, rows in tables.items() if "until" in COLUMNS[table]}
    for rows in dated.values():
        assert all(row["since"] <= row["until"] for row in rows), rows
    turns = {*turning_days(life), *(_iso(row[day]) for rows in dated.values() for row in rows for day in _SPAN)}
    for day in sorted({*turns, *(day_before(day) for day in turns)} - {"9999-12-31", "9999-12-30"}):
        assert _on(dated, day) == rows_on(life, day), day
    for table in WITHOUT_GAPS:
        spans: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
        for row in dated.get(table, []):
            spans[_key_of(table)(row)].append((row["since"], row["until"]))
        for found in spans.values():
            assert all(since < until for since, until in found), (table, found)
            assert [until for _, until in found] == [*(since for since, _ in found[1:]), END], (table, found)


_SPAN = ("since", "until")


def _on(tables: dict[str, list[Row]], day: str) -> Rows:
    """Return the rows that hold on a day, without the columns that the model has in `rows_always`."""
    number = int(day.replace("-", ""))
    on = {table: [row for row in rows if row["since"] <= number < row["until"]] for table, rows in tables.items()}
    found = {table: [_of_the_day(table, place, row) for place, row in enumerate(rows)] for table, rows in on.items()}
    return {table: rows for table, rows in found.items() if rows}


def _of_the_day(table: str, place: int, row: Row) -> Row:
    if table in ("valuation", "policy", "weight_set", "valuation_model"):
        return {"offset": row["offset"]}
    if table == "pledge_asset":
        row = row | {"place": place}  # assets that join on a later day have places, too
    return _without_days(row)


def _without_days(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _SPAN}


def _in_order(table: str) -> Any:
    """Return a sort key: the key of the row without days, then the days."""
    return lambda row: (*_key_of(table)(row), row.get("since"))


def _key_of(table: str) -> Any:
    names = [name for name in COLUMNS[table][: KEY_COLUMNS[table]] if name not in _SPAN]
    return lambda row: tuple(_TYPE_NUMBERS.get(row[name], row[name]) for name in names)


_TYPE_NUMBERS = {name: number for number, name in CONSTANTS["type"].items()}


# ---- decoded rows


def _kept(book: Book, basis: int) -> Kept:
    kept: Kept = defaultdict(list)
    for topic, tables in TOPICS.items():
        for table in tables:
            for partition, entity, _, *row in book.connection.execute(
                f"SELECT * FROM {table} WHERE basis & ?", (basis,)
            ):
                kept[topic, partition, entity].append((table, row))
    return kept


def _decoded(table: str, values: Iterable[Any]) -> Row:
    row = dict(_values(table, list(zip(COLUMNS[table], values, strict=True))))
    if table == "loan":
        for part in ("disbursed", "repaid", "compensated"):
            row[part] = row.pop(f"{part}_high") * LOW + row.pop(f"{part}_low")
    return row


def _values(table: str, row: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in row:
        if value is None or name in _SPAN:
            yield name, value
        elif name in ("right", "type"):
            yield name, CONSTANTS[name][value]
        elif name == "industry" and isinstance(value, int):
            yield name, _INDUSTRY_CODES[value]
        elif name in ("currency", "first_currency") and isinstance(value, int):
            yield name, CURRENCY_NUMBERS[value].code
        elif name in _DAYS or name.endswith("_on"):
            yield name, _iso(value)
        elif name == "rights":
            yield name, [CONSTANTS["right"][number] for number in json.loads(value)]
        elif name in _JSON:
            yield name, json.loads(value)
        else:
            yield name, value


_INDUSTRY_CODES = {industry.number: industry.code for industry in INDUSTRIES.values()}
_DAYS = (
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
)
_JSON = (
    "pledgors", "pledgees", "waivers", "applicants", "assignees", "inventor_countries", "ipc", "kinds",
    "revenues",
)  # fmt: skip


def _iso(day: int) -> str:
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def _assert_written_once(book: Book) -> None:
    """Assert that a row of both bases is stored once, for both."""
    for table, columns in COLUMNS.items():
        names = ", ".join(("partition", "entity", *(f'"{name}"' for name in columns)))
        twice = f"SELECT {names} FROM {table} GROUP BY {names} HAVING count(*) > 1"
        assert book.connection.execute(twice).fetchall() == [], table


# ---- sums by month and year


STOCK_NAMES = {
    Stock.PLEDGES: "pledges",
    Stock.PATENTS: "patents",
    Stock.TRADEMARKS: "trademarks",
    Due.PLEDGES: "due",
    Due.DEFAULTED: "due in default",
}
_STOCKS = {name: number for number, name in STOCK_NAMES.items()}
_SIDES = ("recorded", "corrected")
_NUMBERS: dict[str, dict[str | None, int]] = {
    "kind": {name: number for number, name in CONSTANTS["kind"].items()},
    "right": {None: 0, **{name: number for number, name in CONSTANTS["right"].items()}},
    "industry": {code: number for number, code in _INDUSTRY_CODES.items()},
    "currency": {None: 0, **{currency.code: number for number, currency in CURRENCY_NUMBERS.items()}},
}
Sums = dict[tuple[Any, ...], dict[str, Figures]]
"""Key -> basis -> figures."""


def _assert_sums(book: Book, expected: Result) -> None:
    turns = {basis: _added(turns_of(one.lives[basis]) for one in expected.entities) for basis in _SIDES}
    flows = {basis: _added(posted[basis] for posted in expected.postings.values()) for basis in _SIDES}
    stock: Sums = defaultdict(dict)
    summary: Sums = defaultdict(dict)
    for basis in _SIDES:
        for cell, figures in turns[basis].items():
            date, where = int(cell.date.replace("-", "")), _NUMBERS["industry"][cell.industry]
            right, currency = _NUMBERS["right"][cell.right], _NUMBERS["currency"][cell.currency]
            _add(stock, basis, (_STOCKS[cell.kind], cell.region or "", date, where, right, currency), figures)
            _add_to_periods(summary, basis, _STOCKS[cell.kind], cell, figures)
        for cell, figures in flows[basis].items():
            _add_to_periods(summary, basis, _NUMBERS["kind"][cell.kind], cell, figures)
    assert all(number < STOCKS for number in _NUMBERS["kind"].values())
    assert _sums_in(book, "stock", 'kind, region, date, industry, "right", currency') == _nonzero(stock)
    assert _sums_in(book, "summary", "kind, period, industry, currency") == _nonzero(summary)


def _add_to_periods(sums: Sums, basis: str, kind: int, cell: Cell, figures: Figures) -> None:
    """Add figures to their year and month."""
    where, currency = _NUMBERS["industry"][cell.industry], _NUMBERS["currency"][cell.currency]
    for length in (4, 7):
        period = int(cell.date[:length].replace("-", ""))
        _add(sums, basis, (kind, period, where, currency), figures)


def _add(sums: Sums, basis: str, key: tuple[Any, ...], figures: Figures) -> None:
    sums[key][basis] = sums[key].get(basis, Figures()).plus(figures)


def _added(contributions: Iterable[Contribution]) -> Contribution:
    sums: Contribution = defaultdict(Figures)
    for contribution in contributions:
        for cell, figures in contribution.items():
            sums[cell] = sums[cell].plus(figures)
    return sums


def _nonzero(sums: Sums) -> dict[tuple[Any, ...], tuple[Figures, ...]]:
    """Return both bases side by side, without sums that are 0 on both."""
    sides = {key: tuple(by_basis.get(basis, Figures()) for basis in _SIDES) for key, by_basis in sums.items()}
    return {key: both for key, both in sides.items() if any(figures != Figures() for figures in both)}


def _sums_in(book: Book, table: str, key: str) -> dict[tuple[Any, ...], tuple[Figures, ...]]:
    columns = ", ".join(f"{side}_{column}" for side in _SIDES for column in ("events", "with_amount", "high", "low"))
    width = key.count(",") + 1
    found = {}
    for row in book.connection.execute(f"SELECT {key}, {columns} FROM {table}"):
        halves = (row[width : width + 4], row[width + 4 :])
        assert all(0 <= low < LOW for *_, low in halves), (table, row)
        found[tuple(row[:width])] = tuple(
            Figures(events, known, high * LOW + low) for events, known, high, low in halves
        )
    return found
