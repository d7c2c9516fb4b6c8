"""The rows that the sink writes for each record, recorded for the plain loop.

The log is folded with one record in each batch and written through a connection that records the rows, in one
transaction that is rolled back. So the plain loop need not know the tables, only that a sum ends with its measures, and
that the last of two rows with one key replaces the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.measure import Task
from ledger.audit.together import BATCH_RECORDS
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.sink import rare_collections
from ledger.book.writer import DELETE_WAITING, INSERT_WAITING, SUM_KEYS, look_up, write
from ledger.posting.cells import LOW
from ledger.posting.fold import decode, fold
from ledger.posting.rows import KEY_COLUMNS
from schemas.topics import TopicPartition
from streams.batch import Batch, Record
from streams.log_identity import identity
from streams.reader import Reader

Row = tuple[Any, ...]
Written = list[tuple[str, list[Row]]]
"""Statements in the order of execution by a sink, each with its rows."""
Rows = dict[tuple[str, int, int], Written]
"""(topic, partition, offset) -> rows."""


class _Recorder:
    """A connection that records the rows written through it."""

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


def record_rows(task: Task, made: Callable[[TopicPartition, Record], Written | None]) -> Rows:
    """Return the rows of all records between the book's position and the ends of the task, less those that `made`
    computes from the record alone. The book does not change."""
    recorded: Rows = {}
    make(task)
    with Book(task.book, writable=True) as book, Reader(task.cluster) as reader, rare_collections():
        connection, ranges = book.connection, remaining(book, task.ends)
        copyist, partitions = _Recorder(connection), book.log.partitions
        connection.execute("BEGIN IMMEDIATE")
        for batch in reader.batches(ranges, size=BATCH_RECORDS):
            at = (batch.topic, batch.partition)
            for record in batch.records:
                copyist.written = []
                one = Batch(*at, record.offset, record.offset + 1, [record])
                decoded = decode(one, partitions[batch.topic], book.industry_map.industry_of)
                rows = fold(decoded, look_up(connection, decoded)[1])
                assert rows is not None, "a batch of one subject is folded whole"
                write(copyist, rows)
                alone = made(at, record) or []
                is_made = all(rows in copyist.written for rows in alone)
                recorded[*at, record.offset] = [r for r in copyist.written if not is_made or r not in alone]
        connection.execute("ROLLBACK")
    return recorded


def make(task: Task) -> None:
    """Create the book if it is missing."""
    if not task.book.exists():
        log = identity(task.cluster)
        topic_partitions = [(topic, partition) for topic, count in log.partitions.items() for partition in range(count)]
        books.create_book(task.book, log, dict.fromkeys(topic_partitions, 0))


def remaining(book: Book, ends: dict[TopicPartition, int]) -> dict[TopicPartition, tuple[int, int]]:
    """Return the part of the log that the book lacks: [start, end) of each partition."""
    starts = {(position.topic, position.partition): position.next for position in book.positions()}
    return {topic_partition: (starts[topic_partition], end) for topic_partition, end in ends.items()}


def together(records: Iterable[Written]) -> Written:
    """Merge the rows of several records: each statement once, one row for each sum (measures added), the last of the
    rows that replace or delete one key. Reasons for having no effect are written and deleted in order."""
    in_order: Written = []
    statements: dict[str, list[Row]] = {}
    sums: dict[str, dict[Row, list[int]]] = {}
    last: dict[tuple[str, Row], tuple[str, Row]] = {}
    for written in records:
        for sql, rows in written:
            if sql in (INSERT_WAITING, DELETE_WAITING):
                in_order.append((sql, rows))
            elif "DO UPDATE" in sql:
                _add(sums.setdefault(sql, {}), rows, _measures(sql))
            elif sql.startswith(("INSERT OR REPLACE", "DELETE")):
                last.update(((_key(sql, row)), (sql, row)) for row in rows)
            else:
                statements.setdefault(sql, []).extend(rows)
    for sql, row in last.values():
        statements.setdefault(sql, []).append(row)
    added = [(sql, [(*key, *_carried(measures)) for key, measures in cells.items()]) for sql, cells in sums.items()]
    return [*statements.items(), *added, *in_order]


def _key(sql: str, row: Row) -> tuple[str, Row]:
    """Return the table and the key of a replaced or deleted row: three columns, and the key columns of its table."""
    tokens = sql.split()
    table = tokens[2 if tokens[0] == "DELETE" else 4]
    return table, row[: 3 + KEY_COLUMNS.get(table, 0)]


def _measures(sql: str) -> int:
    """Return how many columns at the end of a row are added: see `ledger.posting.sums`."""
    table = sql.split()[2]
    return len(set(re.findall(r"\?\d+", sql))) - SUM_KEYS[table]


def _add(cells: dict[Row, list[int]], rows: Iterable[Row], measures: int) -> None:
    for row in rows:
        known = cells.get(row[:-measures])
        if known is None:
            cells[row[:-measures]] = list(row[-measures:])
        else:
            for index, value in enumerate(row[-measures:]):
                known[index] += value


def _carried(measures: list[int]) -> list[int]:
    for high in range(2, len(measures), 4):
        over, measures[high + 1] = divmod(measures[high + 1], LOW)
        measures[high] += over
    return measures
