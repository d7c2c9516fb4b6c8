"""Comparing two books: every row of every table, every definition, the first difference of each, and one digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.book.book import Book
from ledger.book.connection import columns_of, table_names

IDENTITIES = ("book_id", "cluster_id", "topic_id:")
"""Rows of `meta` that say which book and which log, not what was posted: the digest leaves them out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row of a table that is not the same: its key, and its columns in the book and from the log."""

    table: str
    key: dict[str, Any]
    book: dict[str, Any] | None
    log: dict[str, Any] | None


def first_differences(book: Path, log: Path) -> tuple[dict[str, int], str, list[Difference]]:
    """(rows of each table of the book, its digest, the first difference of each table)."""
    with Book(book) as left, Book(log) as right:
        digest, counts, differences = sha256(), dict[str, int](), list[Difference]()
        difference = _first(("schema", ["name"]), _definitions(left), _definitions(right))
        if difference:
            differences.append(difference)
        names = table_names(left.connection)
        for name in sorted({*names, *table_names(right.connection)}):
            rows = _Rows(left, name, digest)
            difference = _first((name, rows.keys), iter(rows), iter(_Rows(right, name)))
            if difference:
                differences.append(difference)
            counts[name] = rows.drain()
        return counts, digest.hexdigest(), differences


Row = tuple[tuple[Any, ...], dict[str, Any]]
"""(key, columns)"""


class _Rows:
    """The rows of one table in key order, each hashed and counted as it goes by."""

    def __init__(self, book: Book, table: str, digest: Any = None) -> None:
        self.connection, self.table, self.digest, self.count = book.connection, table, digest, 0
        self.columns, self.keys = columns_of(book.connection, table)
        self._iterator = self._read() if self.columns else iter(())

    def __iter__(self) -> Iterator[Row]:
        return self._iterator

    def _read(self) -> Iterator[Row]:
        named = ", ".join(f'"{column}"' for column in self.columns)
        ordered = ", ".join(f'"{column}"' for column in self.keys or self.columns)
        places = [self.columns.index(key) for key in self.keys]
        for row in self.connection.execute(f"SELECT {named} FROM {self.table} ORDER BY {ordered}"):
            self.count += 1
            if self.table == "meta" and str(row[0]).startswith(IDENTITIES):
                if row[0] == "book_id":
                    continue
            elif self.digest is not None:
                self.digest.update(f"{self.table}|{'|'.join(map(_canonical, row))}\n".encode())
            yield tuple(row[place] for place in places), dict(zip(self.columns, row, strict=True))

    def drain(self) -> int:
        """Read to the end, so that digest and count are whole; the count."""
        for _ in self._iterator:
            pass
        return self.count


def _canonical(value: Any) -> str:
    """A value as text: its type, its length where it could run into the next, and itself."""
    if value is None:
        return "n"
    if isinstance(value, int):
        return f"i{value}"
    text = value.hex() if isinstance(value, bytes) else value
    return f"{'b' if isinstance(value, bytes) else 't'}{len(text)}:{text}"


def _definitions(book: Book) -> Iterator[Row]:
    for kind, name, sql in book.connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name"):
        yield (name,), {"type": kind, "name": name, "sql": sql}


def _first(named: tuple[str, list[str]], left: Iterator[Row], right: Iterator[Row]) -> Difference | None:
    table, keys = named
    for ours in left:
        theirs = next(right, None)
        if theirs is not None and ours[1] == theirs[1]:
            continue
        if theirs is None or ours[0] < theirs[0]:
            return _difference(table, keys, ours, None)
        if theirs[0] < ours[0]:
            return _difference(table, keys, None, theirs)
        return _difference(table, keys, ours, theirs)
    theirs = next(right, None)
    return _difference(table, keys, None, theirs) if theirs else None


def _difference(table: str, keys: list[str], ours: Row | None, theirs: Row | None) -> Difference:
    key = (ours or theirs or ((), {}))[0]
    return Difference(
        table, dict(zip(keys, map(_printable, key), strict=False)), _printable_row(ours), _printable_row(theirs)
    )


def _printable_row(row: Row | None) -> dict[str, Any] | None:
    return None if row is None else {column: _printable(value) for column, value in row[1].items()}


def _printable(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
