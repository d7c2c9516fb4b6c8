"""The very rows that the sink writes for each record, taken down for the plain loop.

A sink posts the log one record a batch through a connection that takes down what it writes, in one transaction that is
rolled back. So the plain loop need not know what rows there are, only that an amended one (a total) has its measures at
its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.log import Place
from benchmarks.measure import Task
from ledger.audit.replay import BATCH
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.page import DELETE_WAITING, INSERT_WAITING
from ledger.book.sink import BookSink, rare_collections
from ledger.posting.cells import LOW
from streams.batch import Batch, Record
from streams.cluster import identity
from streams.reader import Reader

Row = tuple[Any, ...]
Written = list[tuple[str, list[Row]]]
"""Statements in the order in which a sink executes them, each with its rows."""
Rows = dict[tuple[str, int, int], Written]
"""By (topic, partition, offset)."""
MEASURES = 8
"""Columns at the end of an amended row: events, with_amount, high, low, on two bases."""


class _Copyist:
    """A connection that takes down the rows that are written through it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.written: Written = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def executemany(self, sql: str, rows: Iterable[Row]) -> Any:
        rows = list(rows)
        if rows:
            self.written.append((sql, rows))
        return self._connection.executemany(sql, rows)


def take_down(task: Task, made: Callable[[Place, Record], Written | None]) -> Rows:
    """The rows of all records between the book's positions and the ends of the task, unless `made` makes the same of
    the record alone. The book is left as it was."""
    taken: Rows = {}
    make(task)
    with Book(task.book, writable=True) as book, Reader(task.cluster) as reader, rare_collections():
        connection, ranges = book.connection, remaining(book, task.ends)
        copyist = book.connection = _Copyist(connection)
        sink = BookSink(book)
        connection.execute("BEGIN IMMEDIATE")  # the sink's own transactions are inside of it
        for batch in reader.batches(ranges, size=BATCH):
            at = (batch.topic, batch.partition)
            for record in batch.records:
                copyist.written = []
                sink.post(Batch(*at, record.offset, record.offset + 1, [record]))
                if made(at, record) != copyist.written:
                    taken[*at, record.offset] = copyist.written
        connection.execute("ROLLBACK")
    return taken


def make(task: Task) -> None:
    """Make the book, if it is not there."""
    if not task.book.exists():
        log = identity(task.cluster)
        places = [(topic, partition) for topic, count in log.partitions.items() for partition in range(count)]
        books.create(task.book, log, dict.fromkeys(places, 0))


def remaining(book: Book, ends: dict[Place, int]) -> dict[Place, tuple[int, int]]:
    """What of the log is not yet in the book: [start, end) of each partition."""
    starts = {(position.topic, position.partition): position.next for position in book.positions()}
    return {place: (starts[place], end) for place, end in ends.items()}


def together(records: Iterable[Written]) -> Written:
    """All rows of several records, each statement once; of an amended row one, with the sums of its measures. What
    waits is told and taken back in its order."""
    in_order: Written = []
    statements: dict[str, list[Row]] = {}
    sums: dict[str, dict[Row, list[int]]] = {}
    for written in records:
        for sql, rows in written:
            if sql in (INSERT_WAITING, DELETE_WAITING):
                in_order.append((sql, rows))
            elif "DO UPDATE" in sql:
                _add(sums.setdefault(sql, {}), rows)
            else:
                statements.setdefault(sql, []).extend(rows)
    amended = [(sql, [(*key, *_carried(measures)) for key, measures in cells.items()]) for sql, cells in sums.items()]
    return [*statements.items(), *amended, *in_order]


def _add(cells: dict[Row, list[int]], rows: Iterable[Row]) -> None:
    for row in rows:
        known = cells.get(row[:-MEASURES])
        if known is None:
            cells[row[:-MEASURES]] = list(row[-MEASURES:])
        else:
            for place, value in enumerate(row[-MEASURES:]):
                known[place] += value


def _carried(measures: list[int]) -> list[int]:
    for low in (3, 7):
        over, measures[low] = divmod(measures[low], LOW)
        measures[low - 1] += over
    return measures
