"""The state that a book answers from: one position, one age, and a deadline where a worker waits."""

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
"""So long a question may hold a state of a book that is written to: what is held cannot leave the file beside it."""
STEPS_PER_CHECK = 10_000
"""After so many steps of SQLite the clock is looked at: some milliseconds."""
# A join lets SQLite begin with the journal and walk through all of it; this looks one row a partition up.
NEWEST_TIMESTAMP = """SELECT max((SELECT timestamp FROM record WHERE topic = p.topic AND partition = p.partition
  AND "offset" = p.last_offset)) FROM position AS p"""


class AnswerTooLong(Unavailable):
    """The answer takes longer than {seconds:.0f} s, and so long no question may hold a book that is written to. Filter
    it, or ask a copy: `ip-ledger backup COPY`, then the same with LEDGER_BOOK=COPY."""


@contextmanager
def read_snapshot(book: Book) -> Iterator[BookState]:
    """Answer all that is asked inside by one state of the book: the one at the positions that are returned. Raises
    AnswerTooLong."""
    with transaction(book.connection, "DEFERRED"), _bounded(book):
        yield BookState(book.positions(), age_seconds(book))


@contextmanager
def _bounded(book: Book) -> Iterator[None]:
    (mode,) = book.connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":  # a copy, and no worker has opened it
        yield
        return
    deadline = time.monotonic() + ANSWER_SECONDS
    book.connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_PER_CHECK)
    try:
        yield
    except (sqlite3.OperationalError, BookFault) as error:
        if time.monotonic() > deadline:
            raise AnswerTooLong(seconds=ANSWER_SECONDS) from error
        raise
    finally:
        book.connection.set_progress_handler(None, 0)


def age_seconds(book: Book) -> float | None:
    """Seconds since the broker's timestamp of the newest record posted; None for an empty book."""
    (newest,) = book.connection.execute(NEWEST_TIMESTAMP).fetchone()
    return None if newest is None else max(0.0, round(time.time() - newest / 1000, 3))
