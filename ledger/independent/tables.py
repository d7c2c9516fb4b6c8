"""Comparison of a book with the independent fold, table by table, through Python's own SQLite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from sqlite3 import Connection
from typing import Any, NamedTuple
from uuid import UUID

from ledger.independent.entities import TABLES, Columns, first_mismatch
from ledger.independent.fold import ExpectedBook
from ledger.independent.merkle import tree_hash
from ledger.independent.numbers import (
    BITS,
    CURRENCY_CODES,
    INDUSTRY_CODES,
    KINDS,
    LOW,
    OUTCOMES,
    RIGHTS,
    TOPIC_NAMES,
    iso,
)
from ledger.independent.sums import Sums, stock_and_summary, totals
from ledger.independent.terms import BASES, Figures, Log, PartitionLog
from schemas.modes import record_hash
from schemas.rules import Rule

RECOMPUTED = (
    *("record", "rejection", "position", "tile", "posting", "waiting", "total", "stock", "summary"),
    *sorted(table for tables in TABLES.values() for table in tables),
)
"""The tables that are compared; of `record`, `rejection` and `position` the columns that docs/auditors.md names."""
_WIDTH = 256
_CONFLICT = 20
_RULES = {int(rule): rule.label for rule in Rule} | {_CONFLICT: "conflict"}
_MEASURES = ", ".join(f"{basis}_{sum_}" for basis in BASES for sum_ in ("events", "with_amount", "high", "low"))


class TableDifference(NamedTuple):
    """The first cell of a table that differs: its key, and what it is in the book and from the log; None: not there."""

    table: str
    key: str
    book: str | None
    log: str | None


def differences(connection: Connection, log: Log, result: ExpectedBook) -> list[TableDifference]:
    """Return the first difference of each table."""
    pairs = _journal(connection, log, result)
    pairs |= _postings(connection, result)
    stock, summary = stock_and_summary(result)
    pairs |= {
        "total": (_sums(connection, "total", 'kind, industry, region, "right", currency, year'), totals(result)),
        "stock": (_sums(connection, "stock", 'kind, region, date, industry, "right", currency'), stock),
        "summary": (_sums(connection, "summary", "kind, period, industry, currency"), summary),
    }
    found = [_first(table, *pair) for table, pair in pairs.items()]
    return [one for one in found if one] + _entities(connection, result)


def _first(table: str, book: dict[Any, Any], log: dict[Any, Any]) -> TableDifference | None:
    for key in sorted({*book, *log}, key=repr):
        ours, theirs = book.get(key), log.get(key)
        if ours != theirs:
            return TableDifference(table, _text(key) or "", _text(ours), _text(theirs))
    return None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# ---- the log: journal, positions, trees


def _journal(
    connection: Connection, log: Log, result: ExpectedBook
) -> dict[str, tuple[dict[Any, Any], dict[Any, Any]]]:
    rows = connection.execute('SELECT topic, partition, "offset", outcome, timestamp, hash FROM record')
    record = {_place(row): (OUTCOMES[row[3] - 1], row[4], row[5].hex()) for row in rows}
    accepted = connection.execute(
        'SELECT topic, partition, "offset", t.name, source, subject, id FROM record'
        " LEFT JOIN constant AS t ON t.family = 'type' AND t.number = type WHERE outcome = 1"
    )
    named = {(*_place(row), "event"): (row[3], row[4], row[5], _id(row[6])) for row in accepted}
    rejection = connection.execute('SELECT topic, partition, "offset", rule FROM rejection')
    columns = ("first", "next", "accepted", "duplicate", "conflict", "rejected", "gap")
    position = connection.execute(f"SELECT topic, partition, {', '.join(columns)}, leaves FROM position")  # noqa: S608
    return {
        "record": (record | named, _records(log, result) | _named(result)),
        "rejection": ({_place(row): _RULES.get(row[3], str(row[3])) for row in rejection}, dict(result.rules)),
        "position": (
            {(TOPIC_NAMES.get(row[0]), row[1]): tuple(row[2:]) for row in position},
            {
                topic_partition: (*(counts[name] for name in columns), len(log[topic_partition].records))
                for topic_partition, counts in result.positions.items()
            },
        ),
        "tile": (_tiles_kept(connection), _tiles(log, result)),
    }


def _place(row: Sequence[Any]) -> tuple[Any, ...]:
    return TOPIC_NAMES.get(row[0], f"topic {row[0]}"), row[1], row[2]


def _id(value: Any) -> str:
    return str(UUID(bytes=value)) if isinstance(value, bytes) and len(value) == 16 else str(value)


def _records(log: Log, result: ExpectedBook) -> dict[Any, Any]:
    return {
        (*topic_partition, offset): (
            result.outcomes[(*topic_partition, offset)],
            part.timestamps.get(offset, 0),
            record_hash(value, part.headers.get(offset, ())).hex(),
        )
        for topic_partition, part in log.items()
        for offset, _, value in part.records
    }


def _named(result: ExpectedBook) -> dict[Any, Any]:
    return {
        (*entity.topic_partition, one.offset, "event"): (
            ".".join(filter(None, ("ip", one.type, one.role, "v1"))),
            one.source,
            one.subject,
            one.id,
        )
        for entity in result.entities
        for one in entity.events
    }


def _tiles_kept(connection: Connection) -> dict[Any, Any]:
    rows = connection.execute("SELECT topic, partition, level, number, hashes FROM tile")
    return {(TOPIC_NAMES.get(row[0]), *row[1:4]): row[4].hex() for row in rows}


def _tiles(log: Log, result: ExpectedBook) -> dict[Any, Any]:
    found = {}
    for topic_partition, part in log.items():
        entries = [_entry(result.outcomes[(*topic_partition, one[0])], part, *one) for one in part.records]
        level, size = 0, 1
        while len(entries) >= size:
            hashes = [tree_hash(entries[at : at + size]) for at in range(0, len(entries) - size + 1, size)]
            for number in range(0, len(hashes), _WIDTH):
                found[(*topic_partition, level, number // _WIDTH)] = b"".join(hashes[number : number + _WIDTH]).hex()
            level, size = level + 1, size * _WIDTH
    return found


def _entry(outcome: str, part: PartitionLog, offset: int, key: bytes | None, value: bytes | None) -> bytes:
    """Return the entry of a leaf, byte by byte as docs/audit-log.md has it."""
    head = bytes([1, OUTCOMES.index(outcome) + 1, key is not None, value is not None]) + (1).to_bytes(4)
    numbers = offset.to_bytes(8) + part.timestamps.get(offset, 0).to_bytes(8, signed=True)
    return head + numbers + sha256(key or b"").digest() + record_hash(value, part.headers.get(offset, ()))


# ---- postings, and events without effect


def _postings(connection: Connection, result: ExpectedBook) -> dict[str, tuple[dict[Any, Any], dict[Any, Any]]]:
    kept = {}
    rows = connection.execute("""SELECT topic, partition, "offset", basis,
      kind, date, region, "right", industry, currency, events, with_amount, high, low FROM posting""")
    for row in rows:
        kind, date, region, right, industry, currency = row[4:10]
        named = (KINDS.get(kind), iso(date), region or None, RIGHTS.get(right), INDUSTRY_CODES.get(industry))
        figures = Figures(row[10], row[11], row[12] * LOW + row[13])
        for basis, bit in BITS.items():
            if row[3] & bit:
                kept[(*_place(row), basis, *named, CURRENCY_CODES.get(currency))] = figures
    posted = {
        (*place, basis, *cell): figures
        for place, by_basis in result.postings.items()
        for basis, lines in by_basis.items()
        for cell, figures in lines.items()
    }
    waiting = connection.execute('SELECT topic, partition, "offset", basis, reason FROM waiting')
    without = {(*_place(row), basis): row[4] for row in waiting for basis, bit in BITS.items() if row[3] & bit}
    return {"posting": (kept, posted), "waiting": (without, dict(result.unmatched))}


def _sums(connection: Connection, table: str, key: str) -> Sums:
    width = key.count(",") + 1
    found = {}
    for row in connection.execute(f"SELECT {key}, {_MEASURES} FROM {table}"):  # noqa: S608 - our own names
        halves = (row[width : width + 4], row[width + 4 :])
        figures = (Figures(events, known, high * LOW + low) for events, known, high, low in halves)
        found[tuple(row[:width])] = tuple(figures)
    return found


# ---- entities


def entity_columns(connection: Connection) -> dict[str, Columns]:
    """Return the columns of the tables of entities."""
    found = {}
    for table in (table for tables in TABLES.values() for table in tables):
        rows = connection.execute(f"SELECT name, pk FROM pragma_table_info('{table}') ORDER BY cid").fetchall()  # noqa: S608
        names = [name for name, _ in rows if name not in ("partition", "entity", "basis")]
        found[table] = Columns(names, sum(1 for _, key in rows if key) - 3)
    return found


def _entities(connection: Connection, result: ExpectedBook) -> list[TableDifference]:
    columns = entity_columns(connection)
    found: dict[str, TableDifference] = {}
    for basis, bit in BITS.items():
        kept = _kept(connection, columns, bit)
        lives = {(*one.topic_partition, one.events[0].offset): one.lives[basis] for one in result.entities}
        for place in sorted(kept.keys() - lives.keys()):
            table, values = kept[place][0]
            found.setdefault(table, TableDifference(table, f"{_text(place)}, {basis}", _text(tuple(values)), None))
        for place, life in sorted(lives.items(), key=lambda item: item[0]):
            if wrong := first_mismatch(kept.get(place, []), life, columns):
                key = ", ".join(filter(None, (_text(place), basis, wrong.day)))
                found.setdefault(wrong.table, TableDifference(wrong.table, key, _text(wrong.book), _text(wrong.log)))
    return [*found.values(), *_twice(connection, columns)]


def _kept(
    connection: Connection, columns: dict[str, Columns], bit: int
) -> dict[tuple[str, int, int], list[tuple[str, Sequence[Any]]]]:
    kept: dict[tuple[str, int, int], list[tuple[str, Sequence[Any]]]] = defaultdict(list)
    for topic, tables in TABLES.items():
        for table in tables:
            names = ", ".join(f'"{name}"' for name in columns[table].names)
            sql = f"SELECT partition, entity, {names} FROM {table} WHERE basis & ?"  # noqa: S608 - our own names
            for partition, entity, *values in connection.execute(sql, (bit,)):
                kept[topic, partition, entity].append((table, values))
    return kept


def _twice(connection: Connection, columns: dict[str, Columns]) -> Iterator[TableDifference]:
    """Yield rows that are stored twice: a row of both bases is stored once, for both."""
    for table, its in columns.items():
        names = ", ".join(("partition", "entity", *(f'"{name}"' for name in its.names)))
        twice = f"SELECT {names} FROM {table} GROUP BY {names} HAVING count(*) > 1"  # noqa: S608 - our own names
        for row in connection.execute(twice).fetchmany(1):
            yield TableDifference(table, _text(tuple(row)) or "", "stored twice", "stored once")
