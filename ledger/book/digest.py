"""The digest of a book, in parts: one for each table and partition, and a root over them.

See docs/decisions/0019-a-digest-in-parts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import columns_of, table_names
from ledger.book.parts import partition_reader

IDENTITIES = ("book_id", "cluster_id", "topic_id:", "share")
"""Rows of `meta` that identify book, log and share, not what was posted: no part has them."""


class Part(NamedTuple):
    """The rows of one table that follow from one partition, or of no single one (topic and partition None): their
    number, and the SHA-256 of the rows in order of their keys."""

    table: str
    topic: str | None
    partition: int | None
    rows: int
    digest: str


class Digest:
    """Collects the rows of a book, table by table."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str | None, int | None], list[Any]] = {}
        self.tables: dict[str, int] = {}
        """Table -> number of rows."""

    def through(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield these rows, which are in order of their keys, and add each."""
        partition_of = partition_reader(table, columns)
        self.tables[table] = 0
        for row in rows:
            self.tables[table] += 1
            if not (table == "meta" and row[0].startswith(IDENTITIES)):
                part = self._parts.setdefault((table, *(partition_of(row) or (None, None))), [0, sha256()])
                part[0] += 1
                part[1].update(orjson.dumps(row, default=_blob))
            yield row

    def parts(self) -> list[Part]:
        """Return the parts that have rows, in order of table, topic and partition."""
        ordered = sorted(self._parts.items(), key=lambda item: (item[0][0], item[0][1] or "", item[0][2] or 0))
        return [Part(*key, rows, digest.hexdigest()) for key, (rows, digest) in ordered]


def root(parts: Iterable[Part]) -> str:
    """Return the SHA-256 of the parts, each as a line of JSON."""
    digest = sha256()
    for part in parts:
        digest.update(orjson.dumps([*part], option=orjson.OPT_APPEND_NEWLINE))
    return digest.hexdigest()


def digest_of(book: Book) -> str:
    """Return the root of a book's digest. It reads the whole book, so better a snapshot than a book that grows."""
    digest = Digest()
    for table in sorted(table_names(book.connection)):
        columns, rows = rows_in_order(book.connection, table)
        for _ in digest.through(table, columns, rows):
            pass
    return root(digest.parts())


def rows_in_order(
    connection: Any, table: str, where: str = "1", values: Sequence[Any] = (), most: int = -1
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return the columns of a table, and those of its rows that meet a condition, in order of their keys; at most so
    many, if that is not negative."""
    columns, keys = columns_of(connection, table)
    selected = ", ".join(f'"{column}"' for column in columns)
    ordered = ", ".join(f'"{column}"' for column in keys or columns)
    # S608: the name comes from sqlite_schema, and columns_of has checked it
    sql = f"SELECT {selected} FROM {table} WHERE {where} ORDER BY {ordered} LIMIT ?"  # noqa: S608
    return columns, connection.execute(sql, (*values, most))


def _blob(value: bytes) -> dict[str, str]:
    return {"blob": value.hex()}
