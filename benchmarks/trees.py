"""The cost of the Merkle trees: a worker that posts each fetch to two books, with the trees' step and without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time
from typing import Any
from unittest.mock import patch

from benchmarks.measure import Task
from benchmarks.peers import TimedSink, through_faust
from benchmarks.rows import make
from ledger.book import writer
from ledger.book.book import Book
from ledger.book.sink import BookSink, rare_collections
from ledger.merkle.tiles import Edge
from ledger.posting import fold
from ledger.posting.leaf import NO_BYTES, Grown
from streams.batch import Batch, PostResult


@contextmanager
def without_trees() -> Iterator[None]:
    """Post without the trees' step: no hash of a key or a leaf, no tile read, grown or written."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(fold, "key_hash", lambda key: NO_BYTES))
        stack.enter_context(patch.object(fold, "grown", lambda edge, leaves: Grown(edge.size + len(leaves), [])))
        stack.enter_context(patch.object(writer, "edge_of", lambda connection, partition, size: Edge(size)))
        yield


@dataclass
class BothSinks:
    """A sink that posts to two books, which take turns to be the first, and sums the processor time of each."""

    with_trees: BookSink
    without: BookSink
    cpu: dict[str, float] = field(default_factory=lambda: {"with": 0.0, "without": 0.0})
    fetches: int = 0

    def next_offset(self, topic: str, partition: int) -> int:
        return self.with_trees.next_offset(topic, partition)

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        ways: list[tuple[str, BookSink, Any]] = [
            ("with", self.with_trees, nullcontext()),
            ("without", self.without, without_trees()),
        ]
        self.fetches += 1
        for name, sink, way in ways if self.fetches % 2 else reversed(ways):  # the second one finds warm caches
            with way:
                began = thread_time()
                results = sink.post_all(batches)
                self.cpu[name] += thread_time() - began
        return results


def worker_vs_without_trees(task: Task) -> tuple[float, Path]:
    """Return the rate of a worker relative to that of one without trees, by processor time, and the second book, which
    has none. The transport counts for both."""
    bare = task.book.with_name("without-trees.db")
    make(task)
    make(Task(task.cluster, task.ends, bare))
    with Book(task.book, writable=True) as book, Book(bare, writable=True) as other, rare_collections():
        both = BothSinks(BookSink(book), BookSink(other))
        whole = through_faust(task.cluster, TimedSink(both, task.ends)).cpu
    return (whole - both.cpu["with"]) / (whole - both.cpu["without"]), bare
