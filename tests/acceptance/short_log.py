"""A short log without a broker, and checks of a book that holds any part of it from the beginning."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from random import Random

from ledger.book import book as books
from ledger.book.book import Book
from ledger.independent.fold import Log, PartitionLog, TopicPartition, ledger_of
from streams.batch import Batch, Record
from tests.acceptance.load import noisy_records
from tests.books import FEW_VIEWS
from tests.comparison import assert_as_expected, content
from tests.events import LOG, TOPIC_PARTITIONS, timestamp

Vector = dict[TopicPartition, int]
"""The next offset of each partition."""


class ShortLog:
    """A short log with all kinds of good and bad records, cut into a fixed list of batches."""

    def __init__(self, chance: Random, events: int, at_once: int = 6) -> None:
        self.log = _log(chance, events)
        self.batches = list(_cut(self.log, chance, at_once))
        self._digests: dict[tuple[int, ...], str] = {}

    def create(self, path: Path) -> None:
        """Create an empty book at the beginning of this log, with few views: each connection parses them."""
        books.create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0), views=FEW_VIEWS)

    def after(self, count: int) -> Vector:
        """Return the position of a book after `count` batches."""
        return dict.fromkeys(TOPIC_PARTITIONS, 0) | {
            (batch.topic, batch.partition): batch.end for batch in self.batches[:count]
        }

    def batches_from(self, vector: Mapping[TopicPartition, int]) -> Iterator[Batch]:
        """Yield the batches that a book at `vector` lacks."""
        return (batch for batch in self.batches if batch.start >= vector[batch.topic, batch.partition])

    def assert_true(self, path: Path) -> Vector:
        """Assert that the book opens, passes SQLite's integrity check, and is the model's fold of the log up to its
        position. Return the position."""
        with Book(path) as book:
            assert book.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            vector = {(position.topic, position.partition): position.next for position in book.positions()}
            key, digest = tuple(vector.values()), _digest(path)
            if key not in self._digests:  # the model is slow: use it once for each position
                log = self.up_to(vector)
                assert_as_expected(book, log, ledger_of(log))
                self._digests[key] = digest
            assert digest == self._digests[key]
        return vector

    def up_to(self, vector: Mapping[TopicPartition, int]) -> Log:
        """Return the part of this log below these offsets."""
        return {
            topic_partition: PartitionLog(
                first, vector[topic_partition], [record for record in records if record[0] < vector[topic_partition]]
            )
            for topic_partition, (first, _, records, *_) in self.log.items()
        }


def _log(chance: Random, events: int) -> Log:
    records: dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]] = {
        topic_partition: [] for topic_partition in TOPIC_PARTITIONS
    }
    ends = dict.fromkeys(TOPIC_PARTITIONS, 0)
    for topic, partition, key, value in noisy_records(events, chance.randrange(2**32)):
        topic_partition = (topic, partition)
        offset = ends[topic_partition] + chance.choice((0, 0, 0, 0, 1))
        records[topic_partition].append(
            (offset, key, value if value is None or len(value) < 10_000 else value[:10_000])
        )
        ends[topic_partition] = offset + 1
    return {
        topic_partition: PartitionLog(0, ends[topic_partition], records[topic_partition])
        for topic_partition in TOPIC_PARTITIONS
    }


def _cut(log: Log, chance: Random, at_once: int) -> Iterator[Batch]:
    left = {
        topic_partition: deque(Record(offset, timestamp(offset), key, value) for offset, key, value in part.records)
        for topic_partition, part in log.items()
    }
    starts = dict.fromkeys(TOPIC_PARTITIONS, 0)
    while topic_partitions := [topic_partition for topic_partition, records in left.items() if records]:
        topic_partition = chance.choice(topic_partitions)
        records = [
            left[topic_partition].popleft() for _ in range(min(chance.randint(1, at_once), len(left[topic_partition])))
        ]
        yield Batch(*topic_partition, starts[topic_partition], records[-1].offset + 1, records)
        starts[topic_partition] = records[-1].offset + 1


def _digest(path: Path) -> str:
    return sha256(repr(content(path)).encode()).hexdigest()
