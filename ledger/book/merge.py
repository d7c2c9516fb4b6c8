"""Merge: the single book of several books of disjoint shares, without the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ledger.book.book import Book, PartitionState, create_book
from ledger.book.connection import columns_of, table_names, transaction, translated_errors
from ledger.book.draft import draft_of
from ledger.book.parts import SUMS, TOPIC_OF
from ledger.book.union import shared_by
from ledger.book.writer import CLEAR, addition_sql
from ledger.posting.sums import EACH, Addition


def merge(paths: Sequence[Path], target: Path) -> list[PartitionState]:
    """Write the rows of several books to a new one at `target`, and add up their sums. Return its positions.

    Each book is read in one state; workers may continue meanwhile. Raise the errors of Book and of `shared_by`,
    BookExists, NotMade, NoRoom.
    """
    with ExitStack() as stack:
        books = [stack.enter_context(Book(path)) for path in paths]
        for book in books:
            stack.enter_context(transaction(book.connection, "DEFERRED"))
        share, first = shared_by(books), books[0]
        with draft_of(target) as draft:
            create_book(draft, first.log, {}, first.industry_map, first.shape.unpacked_bytes, share)
            with Book(draft, writable=True) as merged:
                merged.connection.execute("PRAGMA synchronous = OFF")  # a draft: completed and synced, or deleted
                for book in books:
                    with translated_errors(draft), transaction(merged.connection):
                        _add(merged.connection, book)
                positions = merged.positions()
                merged.connection.execute("PRAGMA synchronous = FULL")
    return positions


def _add(connection: Any, book: Book) -> None:
    for table in table_names(connection):
        columns, _ = columns_of(connection, table)
        if table in SUMS:
            connection.executemany(addition_sql(Addition(table, EACH)), _rows(book, table))
        elif table in TOPIC_OF or "partition" in columns:
            parameters = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({parameters})", _rows(book, table))  # noqa: S608
    for clear in CLEAR:
        connection.execute(clear)


def _rows(book: Book, table: str) -> Iterator[tuple[Any, ...]]:
    with translated_errors(book.path):
        yield from book.connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of our own table
