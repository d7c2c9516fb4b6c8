"""The sink's work one event at a time: the same pure functions and rows, one transaction per 5,000 events or 200 ms."""

from __future__ import annotations

from typing import Any

from ledger.book.book import Book
from ledger.book.writer import look_up, write
from ledger.posting.fold import decode, fold
from streams.batch import Batch, Record

TRANSACTION_EVENTS, TRANSACTION_SECONDS = 5_000, 0.2


class OneByOne:
    """Posts events to a book one by one."""

    def __init__(self, book: Book) -> None:
        self._connection: Any = book.connection
        self._partitions = book.log.partitions
        self._industry_of = book.industry_map.industry_of
        self._open = 0

    def post(self, topic: str, partition: int, record: Record) -> None:
        """Post one event; the transaction stays open."""
        if not self._open:
            self._connection.execute("BEGIN IMMEDIATE")
        one = Batch(topic, partition, record.offset, record.offset + 1, [record])
        decoded = decode(one, self._partitions[topic], self._industry_of)
        rows = fold(decoded, look_up(self._connection, decoded)[1])
        assert rows is not None, "a batch of one subject is folded whole"
        write(self._connection, rows)
        self._open += 1
        if self._open >= TRANSACTION_EVENTS:
            self.commit()

    def commit(self) -> None:
        """End the transaction."""
        if self._open:
            self._connection.execute("COMMIT")
            self._open = 0
