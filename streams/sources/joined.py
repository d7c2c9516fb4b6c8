"""Documents spread over several tables: collect the rows on disk, and join them after all files are read.

Memory does not grow with the tables, and the order of the files does not matter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

import orjson

from streams.sources.results import Skip, SkipReason, Unreadable

LARGEST_GROUP = 32 * 2**20
"""The maximum bytes and rows of one document."""
_MOST_ROWS = 100_000

JoinedRow = Mapping[str, str]
LookUp = Callable[[str, str], JoinedRow]
"""Returns the shared row of a table with this key; empty if the table has none."""


class Join(NamedTuple):
    """Turns the rows with one key, grouped by table, into records; tables without such a row are absent.

    Like `streams.sources.formats.ReadDocument`, `records` yields records, and raises Skip and ValueError.
    """

    name: str
    records: Callable[[Mapping[str, Sequence[JoinedRow]], LookUp], Iterator[Any]]


class JoinedPart(NamedTuple):
    """One row of a table. A shared row is looked up by several documents, such as the address of several parties."""

    join: Join
    table: str
    key: str
    row: JoinedRow
    shared: bool = False


_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE part (join_name, key, "table", content, found_at);
    CREATE TABLE shared (join_name, "table", key, content, PRIMARY KEY (join_name, "table", key)) WITHOUT ROWID;
"""
_PUT = "INSERT INTO part VALUES (?, ?, ?, ?, ?)"
_SHARE = "INSERT OR REPLACE INTO shared VALUES (?, ?, ?, ?)"
_LOOK_UP = 'SELECT content FROM shared WHERE join_name = ? AND "table" = ? AND key = ?'
_TAKE = 'SELECT join_name, key, "table", content, found_at FROM part ORDER BY join_name, key, rowid'

_Taken = tuple[str, str, str, bytes, bytes]


class PartStore:
    """A private file that is deleted when closed. `found_at` (format, file, location of a part) is returned with the
    joined record."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # an empty name: a file on disk, created when needed
        self._joins: dict[str, Join] = {}

    def close(self) -> None:
        """Delete the store."""
        self._database.close()

    def put(self, part: JoinedPart, found_at: Sequence[str]) -> None:
        """Add a row."""
        if not self._joins:
            self._database.executescript(_TABLES)
        self._joins[part.join.name] = part.join
        content = orjson.dumps(part.row)
        if part.shared:
            self._database.execute(_SHARE, (part.join.name, part.table, part.key, content))
        else:
            self._database.execute(_PUT, (part.join.name, part.key, part.table, content, orjson.dumps(found_at)))

    def take(self) -> Iterator[tuple[list[str], Any]]:
        """Yield each record, or the exception that it raised, and where its first row was found, by key."""
        if not self._joins:
            return
        rows: Iterator[_Taken] = self._database.execute(_TAKE)
        for (name, key), group in groupby(rows, key=lambda row: row[:2]):
            yield from self._joined(self._joins[name], key, group)

    def _joined(self, join: Join, key: str, rows: Iterator[_Taken]) -> Iterator[tuple[list[str], Any]]:
        first = next(rows)
        found_at = orjson.loads(first[4])
        try:
            tables = _tables(key, chain([first], rows))
            for record in join.records(tables, self._look_up(join.name)):
                yield found_at, record
        except (Skip, ValueError) as error:
            yield found_at, error

    def _look_up(self, name: str) -> LookUp:
        def look_up(table: str, key: str) -> JoinedRow:
            row = self._database.execute(_LOOK_UP, (name, table, key)).fetchone()
            return orjson.loads(row[0]) if row else {}

        return look_up


def _tables(key: str, rows: Iterator[_Taken]) -> dict[str, list[JoinedRow]]:
    tables: dict[str, list[JoinedRow]] = {}
    size = 0
    for count, (_, _, table, content, _) in enumerate(rows, start=1):
        size += len(content)
        if size > LARGEST_GROUP or count > _MOST_ROWS:
            reason = f"{key[:32]!r} has more than {_MOST_ROWS} rows, or {LARGEST_GROUP} bytes of them"
            raise Unreadable(reason, SkipReason.TOO_LARGE)
        tables.setdefault(table, []).append(orjson.loads(content))
    return tables
