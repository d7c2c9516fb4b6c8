"""The worker, its parts, and its peers; the stock Faust agents are in `stock`."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.measure import Spent, Stopwatch, Task
from benchmarks.rows import make, remaining
from ledger.audit.together import post_ranges
from ledger.book.book import Book
from ledger.book.sink import BookSink
from schemas.topics import TopicPartition
from streams.batch import Batch, PostResult, Sink
from streams.cluster import Cluster
from streams.worker import Group, Worker

ADVANCE = "UPDATE position SET next = next + :n, accepted = accepted + :n WHERE topic = :topic AND partition = :p"


class NullSink:
    """A sink that keeps only the position, to measure the transport alone."""

    def __init__(self) -> None:
        self.next: dict[TopicPartition, int] = defaultdict(int)

    def next_offset(self, topic: str, partition: int) -> int:
        return self.next[topic, partition]

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        self.next.update({(batch.topic, batch.partition): batch.end for batch in batches})
        return [PostResult.POSTED] * len(batches)


@dataclass
class TimedSink:
    """A sink with a stopwatch, from the query of its offsets until the whole log is posted."""

    sink: Sink
    ends: dict[TopicPartition, int]
    done: Callable[[], object] = lambda: None
    watch: Stopwatch = field(default_factory=Stopwatch)

    def next_offset(self, topic: str, partition: int) -> int:
        self.watch.start()
        return self.sink.next_offset(topic, partition)

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        results = self.sink.post_all(batches)
        if all(self.sink.next_offset(*topic_partition) >= end for topic_partition, end in self.ends.items()):
            self.watch.stop()
            self.done()
        return results


def transport(task: Task) -> Spent:
    """Run Faust and the batch transport with a sink that does nothing."""
    return through_faust(task.cluster, TimedSink(NullSink(), task.ends))


def worker(task: Task) -> Spent:
    """Run the worker: decode, validate, identify, post, commit."""
    make(task)
    with Book(task.book, writable=True) as book:
        return through_faust(task.cluster, TimedSink(BookSink(book), task.ends))


def replay(task: Task) -> Spent:
    """Run a replay: another client, the same fold, no consumer group, a process for each core if the log is long."""
    make(task)
    with Book(task.book) as book:
        ranges, unpacked_bytes = remaining(book, task.ends), book.shape.unpacked_bytes
    watch = Stopwatch()
    watch.start()
    post_ranges(task.cluster, unpacked_bytes, task.book, ranges, lambda done, whole: None, processes=None)
    return watch.stop()


def through_faust(cluster: Cluster, timed: TimedSink) -> Spent:
    """Run the worker's transport until the whole log is posted to a sink."""

    async def work() -> None:
        loop = asyncio.get_running_loop()
        faust = Worker(cluster, Group(f"bench-{secrets.token_hex(4)}"), timed)
        timed.done = lambda: loop.call_soon_threadsafe(faust.ended.set)
        await faust.run()

    asyncio.run(work())
    return timed.watch.spent
