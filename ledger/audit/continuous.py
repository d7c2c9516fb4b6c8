"""Continuous verification: a second book follows the log, and each round compares every row of the book with it, in
pages.

A page is compared at one position, which both books have at that moment. Between pages the process rests, so that it
takes a share of one core. Between rounds a third book is made of the log, and replaces the second one: so a change of
both is noticed, too. docs/auditors.md says what a round proves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from ledger.audit.diff import Difference, definitions_of, first_difference, page_of
from ledger.audit.following import FOLLOWED, BookReset, FollowingBook, Pace, begin_again
from ledger.audit.passes import order_of
from ledger.audit.renewal import renewal_of
from ledger.audit.signed import last_statement
from ledger.book.book import Book, remove_book
from ledger.book.connection import table_names, transaction, translated_errors
from ledger.book.position import position_text
from ledger.book.verified import Verified, heads_of, keep_verified, verified_now
from ledger.proof.audit_file import audit_path
from schemas.errors import LedgerError
from streams.cluster import Cluster
from streams.reader import Reader

_BY = "verify --continuous"
_PAGE = 4096
"""Rows of a page."""
_REST_SECONDS = 1.0
"""The pause between two rounds."""
_RENEWAL_SECONDS = 600.0
"""The pause between two renewals of the second book; the first one begins at once."""


def second_path(book: Path) -> Path:
    """Return the path of the second book, next to the book."""
    return book.with_name(f"{book.name}.second")


def verify_continuously(
    cluster: Cluster, path: Path, load: float, on_round: Callable[[Verified | None], None], stop: Event
) -> tuple[Difference, str]:
    """Verify in rounds until something differs; return the difference, and the position of the book. After each round,
    call `on_round` with the verified position: None for a book that does not begin with its log.

    Raise BookUnavailable, BookDamaged, NotMade, OtherLog, LogRewound, LogChanged, LogRangeMissing, BrokerUnavailable;
    Stopped soon after `stop` is set.
    """
    pace, begins = Pace(load, stop), time.monotonic()
    while True:
        with Book(path) as book:
            second = _second_of(book)
        try:
            with (
                Book(second, writable=True) as again,
                Reader(cluster, again.shape.unpacked_bytes) as reader,
                renewal_of(again, cluster, reader, pace, begins) as renewal,
            ):
                again.connection.execute("PRAGMA synchronous = NORMAL")  # it can be rebuilt
                following = FollowingBook(cluster, reader, again, pace)
                while not renewal.ready:
                    began = time.process_time()
                    with Book(path) as book:
                        _require_same(book, again)
                        found = _Round(book, following, pace).run(on_round)
                    if found:
                        return found
                    renewal.advance(again.next_offsets(), time.process_time() - began)
                    pace.pause(_REST_SECONDS)
            renewal.replace(second)
            begins = time.monotonic() + _RENEWAL_SECONDS
        except BookReset:
            remove_book(second)


def _second_of(book: Book) -> Path:
    """Return the path of the second book; create it unless there is one of the same log."""
    book.require_own_version()
    path = second_path(book.path)
    try:
        with Book(path) as again:
            _require_same(book, again)
            return path
    except (LedgerError, BookReset):  # no other program uses it, so it is rebuilt
        remove_book(path)
    begin_again(book, path)
    return path


def _require_same(book: Book, again: Book) -> None:
    """Raise BookReset if the second book is not of the same log, or is ahead of the book."""
    ours, theirs = ((one.log, one.shape, one.share, one.industry_map) for one in (book, again))
    reached = {(one.topic, one.partition): one for one in again.positions()}
    if ours != theirs or any(
        topic_partition not in reached
        or one.first != reached[topic_partition].first
        or one.next < reached[topic_partition].next
        for one in book.positions()
        for topic_partition in [(one.topic, one.partition)]
    ):
        raise BookReset


class _Round:
    """One comparison of all rows."""

    def __init__(self, book: Book, following: FollowingBook, pace: Pace) -> None:
        self._book, self._following, self._again, self._pace = book, following, following.book, pace

    def run(self, on_round: Callable[[Verified | None], None]) -> tuple[Difference, str] | None:
        """Return the first difference, and where the book stands; or keep and announce what is verified now."""
        self._following.recognise()
        with self._together():
            heads = heads_of(self._again)
            ours, theirs = (sorted(table_names(one.connection), key=order_of) for one in (self._book, self._again))
            if found := first_difference(definitions_of(self._book), definitions_of(self._again)):
                return found, self._position()
        assert ours == theirs, "their definitions are the same"
        for table in ours:
            if found := self._compared(table):
                return found, self._position()
        if any(head.first for head in heads):
            on_round(None)
            return None
        checkpoint, wrong = last_statement(self._book, audit_path(self._book.path), heads)
        if wrong:
            return wrong, self._position()
        verified = verified_now(self._book, heads, _BY, None, checkpoint)
        keep_verified(self._book.path, verified)
        on_round(verified)
        return None

    def _compared(self, table: str) -> Difference | None:
        """Return the first difference of a table."""
        after = None
        while True:
            with self._together():
                log = page_of(self._again, table, _PAGE, after)
                theirs = list(log.rows)
                last = tuple(theirs[-1][index] for index in log.keys) if len(theirs) == _PAGE else None
                book = page_of(self._book, table, _PAGE + 1, after, last)
                ours = list(book.rows)
            if ours != theirs:
                return first_difference(book._replace(rows=iter(ours)), log._replace(rows=iter(theirs)))
            if last is None:
                return None
            after = last
            self._pace.rest()

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Run a block on a snapshot of the book, with the second book at the same position as far as the log goes."""
        while True:
            ranges = self._following.behind(self._book.next_offsets())
            if sum(end - start for start, end in ranges.values()) <= FOLLOWED:
                break
            self._following.read(ranges, resting=True)
        with translated_errors(self._book.path), transaction(self._book.connection, "DEFERRED"):
            if ranges := self._following.behind(self._book.next_offsets()):
                self._following.read(ranges, resting=False)
            yield

    def _position(self) -> str:
        return position_text(self._book.positions())
