"""P1, P2, P3, P5, P7: for any log, cut into any batches, the book is the one that the model computes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.independent.fold import Log, PartitionLog, TopicPartition, ledger_of
from streams.batch import Batch, PostResult, Record
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import new_book, opened
from tests.comparison import assert_as_expected, content
from tests.effort import examples
from tests.events import TOPIC_PARTITIONS, timestamp
from tests.histories import Cut, cuts, logs


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), schedule=cuts)
def test_the_book_is_what_the_model_computes(log: Log, schedule: list[Cut]) -> None:
    expected = ledger_of(log)
    for outcome in {*expected.outcomes.values(), *expected.rules.values(), *expected.unmatched.values()}:
        event(outcome)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.db"
        _post(path, log, schedule)
        with Book(path) as book:
            assert_as_expected(book, log, expected)


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(most=24), one=cuts, other=cuts)
def test_no_cut_restart_or_redelivery_changes_the_book(log: Log, one: list[Cut], other: list[Cut]) -> None:
    contents = []
    for schedule in (one, other):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "book.db"
            _post(path, log, schedule)
            contents.append(content(path))
    assert contents[0] == contents[1]


@pytest.mark.slow
def test_a_synthetic_market_is_what_the_model_computes(tmp_path: Path) -> None:
    records: dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]] = {
        topic_partition: [] for topic_partition in TOPIC_PARTITIONS
    }
    for topic, partition, key, value in noisy_records(1200, 4, generate_all):
        topic_partition = records[topic, partition]
        topic_partition.append((len(topic_partition), key, value))
    log = {topic_partition: PartitionLog(0, len(stored), stored) for topic_partition, stored in records.items()}
    expected = ledger_of(log)
    _post(tmp_path / "book.db", log, [Cut(n, 1 + n % 40, n % 9 == 0, 0) for n in range(60)])
    with Book(tmp_path / "book.db") as book:
        assert_as_expected(book, log, expected)


# ---- posting


def _post(path: Path, log: Log, schedule: Sequence[Cut]) -> None:
    new_book(path, log[TOPIC_PARTITIONS[0]].first)
    position = {topic_partition: log[topic_partition].first for topic_partition in TOPIC_PARTITIONS}
    with _reopened(path) as books:
        sink = next(books)
        for cut in _to_the_end(log, position, schedule):
            left = [
                topic_partition
                for topic_partition in TOPIC_PARTITIONS
                if position[topic_partition] < log[topic_partition].end
            ]
            topic_partition = left[cut.turn % len(left)]
            if cut.restart:
                sink = next(books)
            start, end = position[topic_partition], min(position[topic_partition] + cut.size, log[topic_partition].end)
            below = max(log[topic_partition].first, start - cut.redeliver)
            if below < start:
                changes = sink.book.connection.total_changes
                assert sink.post(_batch(log, topic_partition, below, end)) is PostResult.BEHIND
                assert sink.book.connection.total_changes == changes
            assert sink.post(_batch(log, topic_partition, start, end)) is PostResult.POSTED
            position[topic_partition] = end
            assert sink.next_offset(*topic_partition) == end


def _to_the_end(log: Log, position: dict[TopicPartition, int], schedule: Sequence[Cut]) -> Iterator[Cut]:
    whole = [Cut(0, 10**6, False, 0)] * len(TOPIC_PARTITIONS)
    for cut in (*schedule, *whole):
        if all(position[topic_partition] == log[topic_partition].end for topic_partition in TOPIC_PARTITIONS):
            return
        yield cut


@contextmanager
def _reopened(path: Path) -> Iterator[Iterator[BookSink]]:
    """Yield sinks on the same book, each opened after the previous one is closed."""
    open_books: list[Book] = []

    def books() -> Iterator[BookSink]:
        while True:
            for book in open_books:
                book.close()
            open_books[:] = [opened(path)]
            yield BookSink(open_books[0])

    try:
        yield books()
    finally:
        for book in open_books:
            book.close()


def _batch(log: Log, topic_partition: TopicPartition, start: int, end: int) -> Batch:
    records = [
        Record(offset, timestamp(offset), key, value)
        for offset, key, value in log[topic_partition].records
        if start <= offset < end
    ]
    return Batch(*topic_partition, start, end, records)
