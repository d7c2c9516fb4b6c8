"""The renewal of the second book: a third one follows the log from its beginning, between rounds, and replaces it.

So the second book is at most as old as it takes to read the log twice. Whoever changes the book and the second one
alike is noticed then.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ledger.audit.following import FOLLOWED, FollowingBook, Pace, begin_again
from ledger.book.book import Book, remove_book
from schemas.topics import TopicPartition
from streams.cluster import Cluster
from streams.fetch import LogHasHoles
from streams.reader import LogRangeMissing, Reader


class Renewal:
    """A third book that follows the log from its beginning; `ready` once it has what the second one has."""

    def __init__(self, third: FollowingBook, begins: float) -> None:
        """Follow the log from the monotonic time `begins` on."""
        self.ready = False
        self._third, self._begins, self._possible = third, begins, True

    def advance(self, wanted: Mapping[TopicPartition, int], seconds: float) -> None:
        """Follow the log towards a position for these seconds of processor time. A log that no longer begins where the
        books do cannot be followed: then the second book stays."""
        if not self._possible or time.monotonic() < self._begins:
            return
        try:
            self._third.read(self._third.behind(wanted), resting=True, seconds=seconds)
            left = self._third.behind(wanted)
        except (LogRangeMissing, LogHasHoles):
            self._possible = False
            return
        self.ready = sum(end - start for start, end in left.values()) <= FOLLOWED

    def replace(self, second: Path) -> None:
        """Replace the second book by the third one, which is closed."""
        remove_book(second)
        self._third.book.path.replace(second)


@contextmanager
def renewal_of(second: Book, cluster: Cluster, reader: Reader, pace: Pace, begins: float) -> Iterator[Renewal]:
    """Yield the renewal of a second book; what is not ready at the end is deleted. Raise NotMade."""
    path = second.path.with_suffix(".third")
    remove_book(path)
    begin_again(second, path)
    renewal = None
    try:
        with Book(path, writable=True) as third:
            third.connection.execute("PRAGMA synchronous = NORMAL")  # it can be rebuilt
            renewal = Renewal(FollowingBook(cluster, reader, third, pace), begins)
            yield renewal
    finally:
        if renewal is None or not renewal.ready:
            remove_book(path)
