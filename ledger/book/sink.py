"""The sink: all that a batch adds to the book is committed in one transaction, or nothing of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ledger.book.book import Book
from ledger.book.connection import transaction, translated_errors
from ledger.book.errors import BookDamaged, OffsetSkipped
from ledger.book.writer import look_up, write
from ledger.posting.fold import Rows, decode, fold
from schemas.topics import TOPICS
from streams.batch import Batch, PostResult

NEXT = "SELECT next FROM position WHERE topic = ? AND partition = ?"


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
        (offset,) = self._connection.execute(NEXT, (TOPICS[topic].number, partition)).fetchone()
        return int(offset)

    def post(self, batch: Batch) -> PostResult:
        """Post one batch: see `post_all`."""
        (result,) = self.post_all([batch])
        return result

    def post_all(self, batches: Sequence[Batch], before_commit: Callable[[], None] = lambda: None) -> list[PostResult]:
        """Post batches of different partitions, each if it begins at the next offset; all in one transaction.

        What a batch adds is worked out before the transaction begins. That is sound: an entity's events lie in one
        partition, so as long as its position stands where the look-up saw it, nobody has written to its entities.

        Raises OffsetSkipped, BookFault, BookDamaged; then nothing was written.
        """
        with translated_errors(self.book.path):
            folded = [self._fold(batch) for batch in batches]
            with transaction(self._connection):
                # None, or not next: another worker was first, at the look-up or now
                added = [rows if self._is_next(batch) else None for batch, rows in zip(batches, folded, strict=True)]
                if posted := [rows for rows in added if rows]:
                    write(self._connection, *posted)
                before_commit()
            return [PostResult.POSTED if rows else PostResult.BEHIND for rows in added]

    def _fold(self, batch: Batch) -> Rows | None:
        """Return what the batch adds; None where it does not begin at the next offset."""
        decoded = decode(batch, self._partitions[batch.topic], self._industry_of)
        try:
            following, history = look_up(self._connection, decoded)
            return fold(decoded, history) if following == batch.start else None
        except (ValueError, LookupError, TypeError) as error:  # the sink never writes rows that fail to decode
            raise BookDamaged(path=self.book.path, reason=f"earlier events cannot be read: {error}") from error

    def _is_next(self, batch: Batch) -> bool:
        """Return False where another worker was first. Raises OffsetSkipped."""
        following = self.next_offset(batch.topic, batch.partition)
        if batch.start > following:
            raise OffsetSkipped(topic=batch.topic, partition=batch.partition, start=batch.start, next=following)
        return batch.start == following
