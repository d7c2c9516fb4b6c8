"""Read snapshots of a book: one position, one age, and a deadline on a live book."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.book.connection import transaction
from ledger.book.errors import BookFault
from ledger.queries.answer import BookState
from schemas.errors import Unavailable

ANSWER_SECONDS = 30.0
"""Time limit for a read on a live book: an open read transaction keeps the WAL from being truncated."""
_STEPS_PER_CHECK = 10_000
"""SQLite steps between two looks at the clock: some milliseconds."""
# With a join, SQLite may scan the whole journal; this looks up one row per partition.
NEWEST_TIMESTAMP = """SELECT max((SELECT timestamp FROM record WHERE topic = p.topic AND partition = p.partition
  AND "offset" = p.last_offset)) FROM position AS p"""


class AnswerTooLong(Unavailable):
    """The query was stopped after {seconds:.0f} s so that it does not block the worker. Add filters, or run it on a
    copy: `ip-ledger backup COPY`, then the same command with LEDGER_BOOK=COPY."""


@contextmanager
def read_snapshot(book: Book, seconds: float | None = None) -> Iterator[BookState]:
    """Run all queries inside on one state of the book, which is yielded; a snapshot inside another is the same one.
    Raise AnswerTooLong after `seconds`, by default ANSWER_SECONDS."""
    if book.connection.in_transaction:
        yield BookState(book.reached(), age_seconds(book))
        return
    with transaction(book.connection, "DEFERRED"), _bounded(book, ANSWER_SECONDS if seconds is None else seconds):
        yield BookState(book.reached(), age_seconds(book))


@contextmanager
def _bounded(book: Book, seconds: float) -> Iterator[None]:
    (mode,) = book.connection.execute("PRAGMA journal_mode").fetchone()
    if mode not in ("wal", "memory"):  # a copy that no worker has opened; several books are attached to one in memory
        yield
        return
    deadline = time.monotonic() + seconds
    book.connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_PER_CHECK)
    try:
        yield
    except (sqlite3.OperationalError, BookFault) as error:
        if time.monotonic() > deadline:
            raise AnswerTooLong(seconds=seconds) from error
        raise
    finally:
        book.connection.set_progress_handler(None, 0)


def newest_timestamp(book: Book) -> int | None:
    """Return the broker timestamp (ms since 1970 UTC) of the newest posted record; None for an empty book."""
    found: int | None = book.connection.execute(NEWEST_TIMESTAMP).fetchone()[0]
    return found


def age_seconds(book: Book) -> float | None:
    """Return the seconds since the broker timestamp of the newest posted record; None for an empty book."""
    newest = newest_timestamp(book)
    return None if newest is None else max(0.0, round(time.time() - newest / 1000, 3))
