"""The sink: journal, postings, totals, stock and position of a batch are committed in one transaction or not at all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger.book.book import Book
from ledger.book.connection import faults_named, transaction
from ledger.book.errors import BookDamaged, OffsetSkipped
from ledger.book.page import Page
from ledger.posting.entry import Entry, Origin, read, unreadable
from schemas.topics import TOPICS
from streams.batch import Batch, PostResult, Record

WHERE_IT_STANDS = "SELECT next, allowance FROM position WHERE topic = ? AND partition = ?"


@contextmanager
def rare_collections() -> Iterator[None]:
    """Post many batches without the garbage collector looking at each of them: 2 to 3 times faster.

    Decoded events are trees that end by themselves; the collector would walk through them again and again.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(250_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class BookSink:
    """Posts batches to a book that it has to itself in this process."""

    def __init__(self, book: Book) -> None:
        """Raises BookFault, BookDamaged."""
        self.book = book
        self._connection: Any = book.connection
        self._partitions = book.log.partitions
        self._industry_of = book.industry_map.industry_of

    def next_offset(self, topic: str, partition: int) -> int:
        """The offset at which the partition goes on, as the file says now."""
        return self._standing(topic, partition)[0]

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction for what is posted inside. Raises BookFault, BookDamaged; then nothing of it was written."""
        if self._connection.in_transaction:  # inside of another one
            yield
            return
        with faults_named(self.book.path), transaction(self._connection):
            yield

    def post(self, batch: Batch) -> PostResult:
        """Post the batch if it begins at the next offset.

        Raises OffsetSkipped, BookFault, BookDamaged; then nothing was written.
        """
        origin = Origin(batch.topic, batch.partition, self._partitions[batch.topic], self._industry_of)
        entries = [_entry(origin, record) for record in batch.records]
        with self.together():
            offset, allowance = self._standing(batch.topic, batch.partition)
            if batch.start < offset:
                return PostResult.BEHIND
            if batch.start > offset:
                raise OffsetSkipped(topic=batch.topic, partition=batch.partition, start=batch.start, next=offset)
            page = Page(self._connection, batch, allowance)
            try:
                page.load(entries)
            except (ValueError, LookupError, TypeError) as error:  # none that was written can be read so
                raise BookDamaged(path=self.book.path, reason=f"earlier events cannot be read: {error}") from error
            for record, entry in zip(batch.records, entries, strict=True):
                page.take(record, entry)
            page.write()
        return PostResult.POSTED

    def _standing(self, topic: str, partition: int) -> tuple[int, int]:
        """(where the partition goes on, what may be kept of its refused records)."""
        offset, allowance = self._connection.execute(WHERE_IT_STANDS, (TOPICS[topic].number, partition)).fetchone()
        return int(offset), int(allowance)


def _entry(origin: Origin, record: Record) -> Entry:
    if record.fault is not None:
        return unreadable(record.value or b"", record.fault)
    return read(origin, record.key, record.value, record.headers)
