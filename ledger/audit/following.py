"""A second book that follows the first one by the log, in a share of one core."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.recognition import recognise
from ledger.book.sink import BookSink
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.log_identity import identity
from streams.reader import Reader
from streams.shape import read_shape

_BATCH = 1000
"""Records of a batch of the second book."""
FOLLOWED = 4 * _BATCH
"""Offsets that are read while the book's snapshot is held; more are read before."""


class BookReset(Exception):
    """The book was reset to an older state than the second one."""


class Stopped(Exception):
    """The verification was asked to end."""


class Pace:
    """Limits this process to a share of one core."""

    def __init__(self, load: float, stop: Event) -> None:
        self._load, self._stop, self._mark = load, stop, time.process_time()

    def rest(self) -> None:
        """Pause in proportion to the processor time since the last rest. Raise Stopped."""
        used = time.process_time() - self._mark
        self.pause(used * (1 / self._load - 1))
        self._mark = time.process_time()

    def pause(self, seconds: float) -> None:
        """Wait. Raise Stopped as soon as this process is asked to end."""
        if self._stop.wait(seconds):
            raise Stopped


def begin_again(book: Book, path: Path) -> None:
    """Create an empty book of the same log at `path`. Raise BookExists, NotMade."""
    begun = {(one.topic, one.partition): one.first for one in book.positions()}
    firsts = {
        topic_partition: begun.get(topic_partition, 0)
        for topic_partition in book.share.topic_partitions(book.shape.partitions)
    }
    books.create_book(path, book.log, firsts, book.industry_map, book.shape.unpacked_bytes, book.share, views=())


class FollowingBook:
    """A second book that follows the first one, by the log."""

    def __init__(self, cluster: Cluster, reader: Reader, again: Book, pace: Pace) -> None:
        self.book, self._cluster, self._reader, self._pace = again, cluster, reader, pace
        self._sink = BookSink(again)

    def recognise(self) -> None:
        """Raise if the log is another one, or has lost or changed its last records."""
        found, shape = identity(self._cluster), read_shape(self._cluster)
        bounds = self._reader.bounds(TOPICS)
        recognise(self.book, self.book.positions(), found, shape, bounds, self._reader.record)

    def behind(self, wanted: Mapping[TopicPartition, int]) -> dict[TopicPartition, tuple[int, int]]:
        """Return the ranges up to a position, as far as the log goes."""
        now = self.book.next_offsets()
        ranges = {
            topic_partition: (now[topic_partition], wanted.get(topic_partition, now[topic_partition]))
            for topic_partition in now
        }
        if any(end < start for start, end in ranges.values()):
            raise BookReset
        if not any(start < end for start, end in ranges.values()):
            return {}
        ends = {topic_partition: bound.end for topic_partition, bound in self._reader.bounds(TOPICS).items()}
        held = {
            topic_partition: (start, min(end, ends[topic_partition]))
            for topic_partition, (start, end) in ranges.items()
        }
        return {topic_partition: span for topic_partition, span in held.items() if span[0] < span[1]}

    def read(
        self, ranges: Mapping[TopicPartition, tuple[int, int]], *, resting: bool, seconds: float | None = None
    ) -> None:
        """Post ranges of the log, or as much of them as takes these seconds of processor time."""
        began = time.process_time()
        for batch in self._reader.batches(ranges, _BATCH):
            self._sink.post(batch)
            spent = seconds is not None and time.process_time() - began >= seconds
            if resting:
                self._pace.rest()
            if spent:
                break
