"""Difference of two books: every row and definition of every table, the first difference of each, and the digest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.passes import error_of, order_of
from ledger.book.book import Book
from ledger.book.connection import columns_of, table_names
from ledger.book.digest import Digest, Part, root, rows_in_order
from ledger.book.parts import SUMS, condition_of
from schemas.topics import TopicPartition

_RANKS = {int: 1, float: 1, str: 2, bytes: 3}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row of a table that differs: its key, and its columns in the book and from the log."""

    table: str
    key: dict[str, Any]
    book: dict[str, Any] | None
    log: dict[str, Any] | None

    @property
    def error(self) -> str:
        """The name of the differing part."""
        return error_of(self.table)


class Compared(NamedTuple):
    """Two books compared: the number of rows of each table of the book, its digest, the first difference of each table,
    and the parts of the digest."""

    tables: dict[str, int]
    digest: str
    differences: list[Difference]
    parts: list[Part]


def first_differences(book: Book, log: Path, topic_partitions: Collection[TopicPartition] | None = None) -> Compared:
    """Compare two books: the rows of these partitions and the constants, or everything."""
    digest = Digest()
    with Book(log) as right:
        found = [first_difference(definitions_of(book), definitions_of(right))]
        for name in sorted({*table_names(book.connection), *table_names(right.connection)}, key=order_of):
            if topic_partitions is not None and name in SUMS:
                continue
            ours = _rows_of(book, name, topic_partitions)
            hashed = digest.through(name, ours.columns, ours.rows)
            found.append(first_difference(ours._replace(rows=hashed), _rows_of(right, name, topic_partitions)))
            for _ in hashed:
                pass  # read to the end, so that digest and count are complete
    parts = digest.parts()
    return Compared(digest.tables, root(parts), [difference for difference in found if difference], parts)


class _TableRows(NamedTuple):
    """The rows of one table in order of their keys; `keys` are the indexes of the key's columns."""

    table: str
    columns: list[str]
    keys: list[int]
    rows: Iterator[tuple[Any, ...]]

    def key_of(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the key in comparable form, whatever its types, in SQLite's order: null, numbers, texts, blobs."""
        return tuple((_RANKS.get(type(row[index]), 0), row[index]) for index in self.keys)

    def by_column(self, row: tuple[Any, ...] | None) -> dict[str, Any] | None:
        """Return a row as column -> printable value."""
        if row is None:
            return None
        return {name: _printable(value) for name, value in zip(self.columns, row, strict=True)}


def _rows_of(book: Book, table: str, topic_partitions: Collection[TopicPartition] | None = None) -> _TableRows:
    """Return the rows of one table, or those of partitions. The id of a book is its own: it equals any other."""
    columns, keys = columns_of(book.connection, table)
    if not columns:  # only the other book has this table
        return _TableRows(table, [], [], iter(()))
    where = "1" if topic_partitions is None else condition_of(table, columns, topic_partitions)
    _, rows = rows_in_order(book.connection, table, where)
    return _TableRows(table, columns, [columns.index(key) for key in keys or columns], _of_any_book(table, rows))


def page_of(
    book: Book, table: str, most: int, after: tuple[Any, ...] | None, upto: tuple[Any, ...] | None = None
) -> _TableRows:
    """Return at most this many rows of one table, with keys after one key and up to another."""
    columns, keys = columns_of(book.connection, table)
    key, parameters = ", ".join(f'"{name}"' for name in keys), ", ".join("?" * len(keys))
    bounds = [f"({key}) {sign} ({parameters})" for sign, bound in ((">", after), ("<=", upto)) if bound is not None]
    _, rows = rows_in_order(book.connection, table, " AND ".join(bounds) or "1", (*(after or ()), *(upto or ())), most)
    return _TableRows(table, columns, [columns.index(name) for name in keys], _of_any_book(table, rows))


def _of_any_book(table: str, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    if table != "meta":
        return rows
    return ((row[0], "its own") if row[0] == "book_id" else row for row in rows)


def definitions_of(book: Book) -> _TableRows:
    """Return the definitions of tables and indexes."""
    sql = "SELECT name, type, sql FROM sqlite_schema WHERE type != 'view' ORDER BY name"
    rows = book.connection.execute(sql)
    return _TableRows("schema", ["name", "type", "sql"], [0], rows)


def first_difference(left: _TableRows, right: _TableRows) -> Difference | None:
    """Return the first row that differs between the same table of two books."""
    for ours, theirs in zip_longest(left.rows, right.rows):
        if ours == theirs:
            continue
        if theirs is None or (ours is not None and left.key_of(ours) < right.key_of(theirs)):
            return _difference(left, ours, None)
        if ours is None or right.key_of(theirs) < left.key_of(ours):
            return _difference(right, None, theirs)
        return _difference(left, ours, theirs)
    return None


def _difference(side: _TableRows, ours: tuple[Any, ...] | None, theirs: tuple[Any, ...] | None) -> Difference:
    row = ours if ours is not None else theirs
    assert row is not None, "a difference has a row on one side"
    key = {side.columns[index]: _printable(row[index]) for index in side.keys}
    return Difference(side.table, key, side.by_column(ours), side.by_column(theirs))


def _printable(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
