"""How fast the worker is, against its peers in the same run: `make bench`, or `python benchmarks/bench.py EVENTS`.

Figures of one machine say nothing about another, and little about the same one an hour later: read the ratios. Each
peer works through the same log in a process of its own, timed from where it is told its offsets to its last commit.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

import confluent_kafka
import orjson

from ledger.audit.replay import BATCH
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.connection import open_for_writing, transaction
from ledger.book.sink import ADD_TOTAL, INSERT_POSTING, INSERT_RECORD, BookSink, rare_collections
from ledger.views.view import LOW
from ledger.worker import open_or_create
from schemas.topics import TOPICS
from streams import broker, topics
from streams.batch import Batch, Outcome, Sink
from streams.cluster import Cluster, identity
from streams.producer import Producer, publish_lines
from streams.reader import Reader
from streams.sources.synthetic import generate
from streams.worker import Group, Worker

ADVANCE = "UPDATE position SET next = next + ?, accepted = accepted + ? WHERE topic = ? AND partition = ?"
Ends = dict[tuple[str, int], int]


class Nowhere:
    """A sink that keeps nothing but the position: what is left is the transport."""

    def __init__(self) -> None:
        self.next: Ends = defaultdict(int)

    def next_offset(self, topic: str, partition: int) -> int:
        return self.next[topic, partition]

    def post(self, batch: Batch) -> Outcome:
        self.next[batch.topic, batch.partition] = batch.end
        return Outcome.POSTED


@dataclass
class Timed:
    """A sink, timed: from where it is asked for offsets until all of the log is posted."""

    sink: Sink
    ends: Ends
    done: Callable[[], object] = lambda: None
    began: float = 0.0
    seconds: float = 0.0

    def next_offset(self, topic: str, partition: int) -> int:
        self.began = self.began or perf_counter()
        return self.sink.next_offset(topic, partition)

    def post(self, batch: Batch) -> Outcome:
        outcome = self.sink.post(batch)
        if all(self.sink.next_offset(*place) >= end for place, end in self.ends.items()):
            self.seconds = perf_counter() - self.began
            self.done()
        return outcome


# Each peer returns the seconds that it took.


def transport(cluster: Cluster, ends: Ends, directory: Path) -> float:
    """Faust and the batch transport, with a sink that does nothing."""
    return _through_faust(cluster, Timed(Nowhere(), ends))


def worker(cluster: Cluster, ends: Ends, directory: Path) -> float:
    """The worker: decode, validate, identify, post, commit."""
    open_or_create(cluster, directory / "worker.db", from_earliest=False)
    with Book(directory / "worker.db", writable=True) as book, rare_collections():
        return _through_faust(cluster, Timed(BookSink(book), ends))


def replay(cluster: Cluster, ends: Ends, directory: Path) -> float:
    """The auditor's way: another client, the same fold, without a group."""
    path = directory / "replay.db"
    books.create(path, identity(cluster), dict.fromkeys(ends, 0))
    with Reader(cluster) as reader, Book(path, writable=True) as book, rare_collections():
        timed = Timed(BookSink(book), ends)
        ranges = {place: (timed.next_offset(*place), end) for place, end in ends.items()}
        for batch in reader.batches(ranges, size=BATCH):
            timed.post(batch)
    return timed.seconds


def plain_loop(cluster: Cluster, ends: Ends, directory: Path) -> float:
    """confluent-kafka, orjson, SQLite: journal, postings, totals and offsets, the rows given by the worker's book."""
    rows = _rows_of(directory / "worker.db")
    books.create(directory / "plain.db", identity(cluster), dict.fromkeys(ends, 0))
    connection: Any = open_for_writing(directory / "plain.db").conn
    settings = {"group.id": "bench", "auto.offset.reset": "earliest", "fetch.queue.backoff.ms": 2}
    client = confluent_kafka.Consumer(cluster.librdkafka(**settings))
    client.assign([confluent_kafka.TopicPartition(cluster.topic(topic), p, 0) for topic, p in ends])
    left, began = sum(ends.values()), perf_counter()
    while left:
        messages = client.consume(BATCH, 0.02)
        for place, run in groupby(messages, key=lambda message: (message.topic(), message.partition())):
            _write(connection, place, list(run), rows)
        left -= len(messages)
    seconds = perf_counter() - began
    client.close()
    connection.close()
    return seconds


def _through_faust(cluster: Cluster, timed: Timed) -> float:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        faust = Worker(cluster, Group(f"bench-{secrets.token_hex(4)}"), timed)
        timed.done = lambda: loop.call_soon_threadsafe(faust.ended.set)
        await faust.run()

    asyncio.run(run())
    return timed.seconds


Rows = dict[tuple[int, int, int], tuple[tuple[Any, ...], list[tuple[Any, ...]]]]


def _rows_of(path: Path) -> Rows:
    with Book(path) as book:
        rows: Rows = {row[:3]: (row, []) for row in book.connection.execute("SELECT * FROM record")}
        for posting in book.connection.execute("SELECT * FROM posting"):
            rows[posting[:3]][1].append(posting)
    return rows


def _write(connection: Any, place: tuple[str, int], messages: list[Any], rows: Rows) -> None:
    number = TOPICS[place[0].partition("-")[2]].number
    decoded = [(message.offset(), orjson.loads(message.value())) for message in messages]
    mine = [rows[number, place[1], offset] for offset, _ in decoded]
    postings = [posting for _, lines in mine for posting in lines]
    totals: dict[tuple[Any, ...], list[int]] = {}
    for posting in postings:
        kind, date, *cell = posting[3:9]
        sums = totals.setdefault((kind, date // 10_000, *cell), [0, 0, 0])
        for place_, value in enumerate((*posting[10:12], posting[12] * LOW + posting[13])):
            sums[place_] += value
    with transaction(connection):
        connection.executemany(INSERT_RECORD, [record for record, _ in mine])
        connection.executemany(INSERT_POSTING, postings)
        connection.executemany(ADD_TOTAL, [(*key, *_sides(*sums)) for key, sums in totals.items()])
        connection.execute(ADVANCE, (len(mine), len(mine), number, place[1]))


def _sides(events: int, with_amount: int, amount: int) -> tuple[int, ...]:
    return (events, with_amount, *divmod(amount, LOW)) * 2


@contextmanager
def _brokers(directory: Path) -> Iterator[str]:
    if named := os.environ.get("LEDGER_BROKERS"):
        yield named
        return
    try:
        status = broker.start(directory)
        assert status.address is not None
        yield status.address
    finally:
        broker.stop(directory)


def main(events: int) -> None:
    """Publish `events` synthetic events, let each peer work through them, print rates and ratios."""
    with tempfile.TemporaryDirectory(prefix="ip-ledger-bench-") as name, _brokers(Path(name, "broker")) as brokers:
        cluster = Cluster(brokers, f"bench{secrets.token_hex(3)}-")
        topics.create(cluster)
        with Producer(cluster) as producer:
            for _ in publish_lines(producer, generate(events, seed=1)):
                pass
        with Reader(cluster) as reader:
            ends = {place: bounds.end for place, bounds in reader.bounds(TOPICS).items() if bounds.end}
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
            seconds = {
                peer.__name__: pool.submit(peer, cluster, ends, Path(name)).result()
                for peer in (transport, worker, replay, plain_loop)
            }
    print(f"{events:,} synthetic events")
    for peer, time in seconds.items():
        print(f"{peer:>12} {events / time:>10,.0f} events/s {seconds['plain_loop'] / time:>7.2f} of the plain loop")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
