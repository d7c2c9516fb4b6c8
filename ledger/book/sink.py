"""The sink: a batch is committed to the book in one transaction, whole or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.book.connection import transaction, translated_errors
from ledger.book.errors import BookDamaged, OffsetSkipped
from ledger.book.writer import look_up, write
from ledger.posting.fold import MOST_OF_ROWS, Rows, decode, fold
from schemas.topics import TOPICS
from streams.batch import Batch, PostResult

_NEXT = "SELECT next FROM position WHERE topic = ? AND partition = ?"


class _Unwritten(Enum):
    """Reasons why the rows of a batch are not written."""

    BEHIND = "the batch does not begin at the next offset"
    TOO_MUCH = "the rows take too much memory or work, alone or with those of the batches before"


class Posted(NamedTuple):
    """A batch, or a part of it, that one transaction posted. counts: outcome -> number of offsets."""

    batch: Batch
    counts: Mapping[int, int]


@contextmanager
def rare_collections() -> Iterator[None]:
    """Run the garbage collector rarely while many batches are posted: 2 to 3 times faster.

    Decoded events have no reference cycles, but the collector would traverse them repeatedly.
    """
    before = gc.get_threshold()
    gc.set_threshold(250_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class BookSink:
    """A sink that posts batches to a book; the only user of that `Book` object."""

    def __init__(
        self, book: Book, lock: AbstractContextManager[object] | None = None, most: int = MOST_OF_ROWS
    ) -> None:
        """Hold `lock` while it writes, if other processes write too; rows of about `most` bytes of memory at a time.
        Raise BookFault, BookDamaged."""
        self.book, self._lock, self._most = book, lock or nullcontext(), most
        self._connection: Any = book.connection
        self._partitions = book.log.partitions
        self._industry_of = book.industry_map.industry_of
        self.posted: list[Posted] = []
        """The batches, or their parts, that the last call posted."""

    def next_offset(self, topic: str, partition: int) -> int:
        """Return the partition's next offset, read from the file."""
        (offset,) = self._connection.execute(_NEXT, (TOPICS[topic].number, partition)).fetchone()
        return int(offset)

    def post(self, batch: Batch) -> PostResult:
        """Post one batch, in as many transactions as it takes: see `post_all`."""
        (result,) = self.post_all([batch])
        posted = self.posted
        while result is PostResult.PARTLY:
            batch = batch.since(sum(len(part.batch.records) for part in self.posted))
            (result,) = self.post_all([batch])
            posted += self.posted
        self.posted = posted
        return result

    def post_all(self, batches: Sequence[Batch], before_commit: Callable[[], None] = lambda: None) -> list[PostResult]:
        """Post batches of different partitions in one transaction, each if it begins at the next offset; in several
        transactions, one after the other, if their rows would take too much memory or work. If the events of one
        subject alone do so, the batch is posted partly, so that other partitions need not wait.

        The fold runs before the transaction begins. That is safe: all events of an entity are in one partition, so if
        the partition's position is still that of the look-up, no other worker has changed its entities.

        Raise OffsetSkipped, BookFault, BookDamaged, and write nothing of that transaction.
        """
        with translated_errors(self.book.path):
            folded = self._fold_all(batches)
            if _Unwritten.TOO_MUCH in folded:
                return self._post_halves(batches, before_commit)
            return self._commit(batches, folded, before_commit)

    def _commit(
        self, batches: Sequence[Batch], folded: Sequence[Rows | _Unwritten], before_commit: Callable[[], None]
    ) -> list[PostResult]:
        """Write rows in one transaction, each if its batch still begins at the next offset."""
        with self._lock, transaction(self._connection):
            # another worker may have been faster, after the look-up too
            added = [
                rows if self._is_next(batch) else _Unwritten.BEHIND for batch, rows in zip(batches, folded, strict=True)
            ]
            if written := [rows for rows in added if isinstance(rows, Rows)]:
                write(self._connection, *written)
            before_commit()
        self.posted = [Posted(rows.batch, rows.counts) for rows in written]
        return [_result(batch, rows) for batch, rows in zip(batches, added, strict=True)]

    def _fold_all(self, batches: Sequence[Batch]) -> list[Rows | _Unwritten]:
        """Return for each batch its rows, or why it has none, up to the first one whose rows are too much."""
        folded: list[Rows | _Unwritten] = []
        room = self._most
        for batch in batches:
            rows = self._fold(batch)
            if isinstance(rows, Rows):
                room -= rows.size + rows.moved
                if (room < 0 or rows.batch.end < batch.end) and len(batches) > 1:
                    rows = _Unwritten.TOO_MUCH
            folded.append(rows)
            if rows is _Unwritten.TOO_MUCH:
                break
        return folded

    def _fold(self, batch: Batch) -> Rows | _Unwritten:
        decoded = decode(batch, self._partitions[batch.topic], self._industry_of)
        try:
            following, history = look_up(self._connection, decoded)
            if following != batch.start:
                return _Unwritten.BEHIND
            return fold(decoded, history, self._most) or _Unwritten.TOO_MUCH
        except (ValueError, LookupError, TypeError) as error:  # the sink never writes rows that fail to decode
            raise BookDamaged(path=self.book.path, reason=f"earlier events cannot be read: {error}") from error

    def _post_halves(self, batches: Sequence[Batch], before_commit: Callable[[], None]) -> list[PostResult]:
        """Post the first half of several batches, or of the only one, then the second."""
        several = len(batches) > 1
        if several:
            middle = len(batches) // 2
            first, second = batches[:middle], batches[middle:]
        else:
            middle = len(batches[0].records) // 2
            first, second = [batches[0].until(middle)], [batches[0].since(middle)]
        results = self.post_all(first, before_commit)
        if not several and results != [PostResult.POSTED]:
            return results
        posted = self.posted
        of_second = self.post_all(second, before_commit)
        self.posted = posted + self.posted
        return results + of_second if several else of_second

    def _is_next(self, batch: Batch) -> bool:
        """Return False if another worker was faster. Raise OffsetSkipped."""
        following = self.next_offset(batch.topic, batch.partition)
        if batch.start > following:
            raise OffsetSkipped(topic=batch.topic, partition=batch.partition, start=batch.start, next=following)
        return batch.start == following


def _result(batch: Batch, rows: Rows | _Unwritten) -> PostResult:
    if not isinstance(rows, Rows):
        return PostResult.BEHIND
    return PostResult.POSTED if rows.batch.end == batch.end else PostResult.PARTLY
