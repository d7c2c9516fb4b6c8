"""The worker, what it is made of, and what it is measured against; the stock Faust agents are in `stock`."""

from __future__ import annotations

import asyncio
import pickle
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import confluent_kafka
import orjson

from benchmarks.log import Place
from benchmarks.measure import Spent, Stopwatch, Task
from benchmarks.rows import Row, Rows, Written, make, remaining, together
from ledger.audit.replay import BATCH, fold
from ledger.book.book import Book
from ledger.book.connection import transaction
from ledger.book.constants import Fate
from ledger.book.page import ADD_UP, INSERT_RECORD
from ledger.book.sink import BookSink, rare_collections
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS
from streams.batch import Batch, Outcome, Sink
from streams.cluster import Cluster
from streams.reader import Reader
from streams.worker import Group, Worker

ADVANCE = "UPDATE position SET next = next + :n, accepted = accepted + :n WHERE topic = :topic AND partition = :p"


class Nowhere:
    """A sink that keeps nothing but the position: what is left is the transport."""

    def __init__(self) -> None:
        self.next: dict[Place, int] = defaultdict(int)

    def next_offset(self, topic: str, partition: int) -> int:
        return self.next[topic, partition]

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def post(self, batch: Batch) -> Outcome:
        self.next[batch.topic, batch.partition] = batch.end
        return Outcome.POSTED


@dataclass
class Timed:
    """A sink, timed: from where it is asked for offsets until all of the log is posted."""

    sink: Sink
    ends: dict[Place, int]
    done: Callable[[], object] = lambda: None
    watch: Stopwatch = field(default_factory=Stopwatch)

    def next_offset(self, topic: str, partition: int) -> int:
        self.watch.start()
        return self.sink.next_offset(topic, partition)

    @contextmanager
    def together(self) -> Iterator[None]:
        with self.sink.together():
            yield
        if all(self.sink.next_offset(*place) >= end for place, end in self.ends.items()):
            self.watch.stop()
            self.done()

    def post(self, batch: Batch) -> Outcome:
        return self.sink.post(batch)


def transport(task: Task) -> Spent:
    """Faust and the batch transport, with a sink that does nothing."""
    return _through_faust(task.cluster, Timed(Nowhere(), task.ends))


def worker(task: Task) -> Spent:
    """The worker: decode, validate, identify, post, commit."""
    make(task)
    with Book(task.book, writable=True) as book, rare_collections():
        return _through_faust(task.cluster, Timed(BookSink(book), task.ends))


def replay(task: Task) -> Spent:
    """The auditor's way: another client, the same fold, without a group."""
    make(task)
    with Reader(task.cluster) as reader:
        with Book(task.book) as book:
            ranges = remaining(book, task.ends)
        watch = Stopwatch()
        watch.start()
        fold(reader, task.book, ranges, lambda done, whole: None)
        return watch.stop()


def plain_loop(task: Task) -> Spent:
    """confluent-kafka, orjson, SQLite: the journal's rows are made of what is decoded, and whatever would take a fold
    (facts, postings, stock, what waits) is written as it was taken down before."""
    make(task)
    rows: Rows = pickle.loads(rows_beside(task.book).read_bytes())
    with Book(task.book, writable=True) as book, rare_collections():
        ranges = remaining(book, task.ends)
        settings = {"group.id": f"bench-{secrets.token_hex(4)}", "fetch.queue.backoff.ms": 2}
        client = confluent_kafka.Consumer(task.cluster.librdkafka(**settings))
        watch = Stopwatch()
        watch.start()
        client.assign(
            [confluent_kafka.TopicPartition(task.cluster.topic(t), p, start) for (t, p), (start, _) in ranges.items()]
        )
        left = sum(end - start for start, end in ranges.values())
        while left:
            messages = client.consume(BATCH, 0.02)
            for (topic, partition), run in groupby(messages, key=lambda each: (each.topic(), each.partition())):
                _write(book.connection, (task.cluster.plain(topic) or "", partition), list(run), rows)
            left -= len(messages)
        watch.stop()
        client.close()
    return watch.spent


def _write(connection: Any, place: Place, messages: list[Any], rows: Rows) -> None:
    number, partition = TOPICS[place[0]].number, place[1]
    taken = [rows[*place, message.offset()] for message in messages]
    journal = [
        journal_row((number, partition), message, facts_in(written))
        for message, written in zip(messages, taken, strict=True)
    ]
    with transaction(connection):
        connection.executemany(INSERT_RECORD, journal)
        for sql, values in together(taken):
            if sql != INSERT_RECORD:
                connection.executemany(sql, values)
        for add_up in ADD_UP:
            connection.execute(add_up, (number, partition, messages[0].offset()))
        connection.execute(ADVANCE, {"n": len(messages), "topic": number, "p": partition})


def journal_row(place: tuple[int, int], message: Any, facts: bytes) -> Row:
    """The row of an accepted event, as plainly as it can be made; its id is a UUID."""
    value = message.value()
    event = orjson.loads(value)
    data = event["data"]
    day = data.get("data", data).get("occurred_on")
    return (
        *place,
        message.offset(),
        Fate.ACCEPTED,
        EVENT_TYPES[event["type"]].number,
        event["source"],
        bytes.fromhex(event["id"].replace("-", "")),
        event["subject"],
        day and int(day.replace("-", "")),
        message.timestamp()[1],
        sha256(value).digest(),
        facts,
    )


def facts_in(written: Written) -> bytes:
    """The facts of a record that was taken down."""
    return bytes(next(rows[0][-1] for sql, rows in written if sql == INSERT_RECORD))


def rows_beside(book: Path) -> Path:
    """Where the rows for a plain loop lie that writes to this book."""
    return book.with_suffix(".rows")


def _through_faust(cluster: Cluster, timed: Timed) -> Spent:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        faust = Worker(cluster, Group(f"bench-{secrets.token_hex(4)}"), timed)
        timed.done = lambda: loop.call_soon_threadsafe(faust.ended.set)
        await faust.run()

    asyncio.run(work())
    return timed.watch.spent
