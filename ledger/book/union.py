"""Several books as one: whether they hold one log together, and a book that reads them all.

See docs/decisions/0018-shares-of-a-log.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.book.carried import sums_of
from ledger.book.connection import BUSY_SECONDS, columns_of, distrust, table_names, translated_errors
from ledger.book.parts import SUMS, TOPIC_OF
from ledger.book.share import WHOLE, Share
from schemas.errors import UsageError
from schemas.topics import TopicPartition

MOST_BOOKS = 10
"""SQLite attaches no more."""
MEASURES = 8
"""The last columns of a table of sums: four for each basis."""
INDEXED = re.compile(r"\bINDEXED BY \w+")


class BooksDiffer(UsageError):
    """The books {first} and {second} cannot be merged: {what} is {one} in the first and {other} in the second. Only
    books of one log, fold version and industry map can. Build one of them again with `ip-ledger replay --book NEW
    --share SHARE`."""


class SharesOverlap(UsageError):
    """The books {first} and {second} both hold {topic}:{partition}, which would count twice. Leave one of them out.
    `ip-ledger status` shows the share of each book."""


class TooManyBooks(UsageError):
    """One question can read at most {most} books, not {count}. Merge them first with `ip-ledger merge BOOK... --into
    NEW`."""


def shared_by(books: Sequence[Book]) -> Share:
    """Return the share of the log that these books hold together. Raise OtherVersion, BooksDiffer, SharesOverlap."""
    first = books[0]
    holders: dict[TopicPartition, Book] = {}
    for book in books:
        book.require_own_version()
        for what, one, other in (
            ("the industry map", first.meta.get("industry_map"), book.meta.get("industry_map")),
            ("the cluster", first.log.cluster_id, book.log.cluster_id),
            ("the log (ids of its topics)", first.log.topic_ids, book.log.topic_ids),
            ("the number of partitions", first.log.partitions, book.log.partitions),
            ("the size that a batch may unpack to", first.shape.unpacked_bytes, book.shape.unpacked_bytes),
        ):
            if one != other:
                raise BooksDiffer(first=first.path, second=book.path, what=what, one=one, other=other)
        for topic_partition in book.next_offsets():
            if topic_partition in holders:
                facts = {"topic": topic_partition[0], "partition": topic_partition[1]}
                raise SharesOverlap(first=holders[topic_partition].path, second=book.path, **facts)
            holders[topic_partition] = book
    whole = WHOLE.topic_partitions(first.log.partitions)
    return WHOLE if holders.keys() == set(whole) else Share.listing(sorted(holders))


def open_books(paths: Sequence[Path]) -> Book:
    """Open a book, or several as one, for reading. Close it, or use it in a `with`. Raise the errors of Book;
    OtherVersion, as the numbers of another version may have other meanings; for several the errors of UnionBook."""
    if len(paths) > 1:
        return UnionBook(paths)
    book = Book(paths[0])
    try:
        book.require_own_version()
    except BaseException:
        book.close()
        raise
    return book


class UnionBook(Book):
    """A read-only book of several: each is attached, and a temporary view of each table's name has the rows of all."""

    schema = "temp"

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raise the errors of Book and of `shared_by`, TooManyBooks."""
        if len(paths) > MOST_BOOKS:
            raise TooManyBooks(count=len(paths), most=MOST_BOOKS)
        self.path = Path(",".join(map(str, paths)))
        with ExitStack() as stack:
            books = [stack.enter_context(Book(path)) for path in paths]  # their schemas are checked
            share = shared_by(books)
            self.meta = books[0].meta | {"book_id": ",".join(book.id for book in books), "share": share.text}
            tables = table_names(books[0].connection)
            views = [_view(books[0].connection, table, len(paths)) for table in tables]
        with translated_errors(self.path):
            self.connection = sqlite3.connect(
                ":memory:",
                timeout=BUSY_SECONDS,
                isolation_level=None,
                uri=True,
                factory=_Connection,
                check_same_thread=False,  # a server uses it in one thread after the other
            )
            distrust(self.connection)
            for number, path in enumerate(paths):
                self.connection.execute(f"ATTACH ? AS book{number}", (f"{path.absolute().as_uri()}?mode=ro",))
            for view in views:
                self.connection.execute(view)
            self.connection.execute("PRAGMA query_only = ON")


class _Connection(sqlite3.Connection):  # type: ignore[misc, name-defined, unused-ignore]
    def execute(self, sql: str, *parameters: Any) -> Any:
        """Execute a query without INDEXED BY, which a view cannot obey."""
        return super().execute(INDEXED.sub("", sql), *parameters)


def _view(connection: Any, table: str, count: int) -> str:
    columns, _ = columns_of(connection, table)
    if table not in SUMS and table not in TOPIC_OF and "partition" not in columns:  # constants: the same in each book
        return f"CREATE TEMP VIEW {table} AS SELECT * FROM book0.{table}"  # noqa: S608
    rows = " UNION ALL ".join(f"SELECT * FROM book{number}.{table}" for number in range(count))  # noqa: S608
    if table not in SUMS:
        return f"CREATE TEMP VIEW {table} AS {rows}"
    key = ", ".join(f'"{column}"' for column in columns[:-MEASURES])
    measures = ", ".join(sums_of(columns[-MEASURES:]))
    some = " OR ".join(columns[-MEASURES:])
    return f"""CREATE TEMP VIEW {table} AS SELECT * FROM (SELECT {key}, {measures} FROM ({rows}) GROUP BY {key})
      WHERE {some}"""  # noqa: S608 - names of our own tables and columns
