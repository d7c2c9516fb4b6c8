"""A replay by several processes: each reads and folds partitions of its own, and they write to one book in turns."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from ledger.book.book import Book
from ledger.book.sink import BookSink, rare_collections
from ledger.processes import cores
from schemas.errors import Unavailable
from schemas.topics import TopicPartition
from streams.batch import PostResult
from streams.cluster import Cluster
from streams.reader import Progress, Reader

BATCH_RECORDS = 8000
"""Records in a batch: large, as throughput matters here and latency does not."""
WORTH = 50_000
"""Offsets below which one process is faster than the start of several."""

Ranges = Mapping[TopicPartition, tuple[int, int]]
"""Partition -> [start, end) of its log."""


class ReplayProcessLost(Unavailable):
    """A process of the replay ended with code {code} before it was done (negative: killed by that signal). No book was
    created. Run the command again; `--processes 1` needs less memory."""


def post_ranges(
    cluster: Cluster, unpacked_bytes: int, path: Path, ranges: Ranges, progress: Progress, processes: int | None
) -> int:
    """Post these ranges of the log to the empty book at `path`, and return the number of records.

    `processes` is by default the number of cores, and 1 for a short log.
    """
    whole = sum(end - start for start, end in ranges.values())
    count = processes or (cores() if whole >= WORTH else 1)
    shares = dealt(ranges, count)
    done = records = 0
    with _posting(cluster, unpacked_bytes, path, shares) as steps:
        for offsets, more in steps:
            done, records = done + offsets, records + more
            progress(done, whole)
    return records


def dealt(ranges: Ranges, count: int) -> list[dict[TopicPartition, tuple[int, int]]]:
    """Return the ranges in at most `count` shares of similar size, without empty ones, but at least one."""
    shares: list[dict[TopicPartition, tuple[int, int]]] = [{} for _ in range(count)]
    sizes = [0] * count
    for topic_partition, (start, end) in sorted(ranges.items(), key=lambda item: (item[1][0] - item[1][1], item[0])):
        smallest = sizes.index(min(sizes))
        shares[smallest][topic_partition] = (start, end)
        sizes[smallest] += end - start
    return [share for share, size in zip(shares, sizes, strict=True) if size] or shares[:1]


@contextmanager
def _posting(
    cluster: Cluster, unpacked_bytes: int, path: Path, shares: list[dict[TopicPartition, tuple[int, int]]]
) -> Iterator[Iterator[tuple[int, int]]]:
    """Yield the steps of all shares: (offsets, records) of each batch. End the processes at the end of the block."""
    if len(shares) == 1:
        yield _steps(cluster, unpacked_bytes, path, shares[0], None)
        return
    context = get_context("spawn")
    lock = context.Lock()
    processes: dict[Connection, Any] = {}
    try:
        for share in shares:
            ours, theirs = context.Pipe(duplex=False)
            arguments = (theirs, cluster, unpacked_bytes, path, share, lock)
            processes[ours] = context.Process(target=_in_process, args=arguments, daemon=True)
            processes[ours].start()
            theirs.close()
        yield _received(processes)
    finally:
        for ours, process in processes.items():
            process.kill()
            process.join()
            ours.close()


def _received(processes: Mapping[Connection, Any]) -> Iterator[tuple[int, int]]:
    """Yield the steps of processes until all are done. Raise the first error of one, or ReplayProcessLost."""
    left = set(processes)
    while left:
        for ours in wait(list(left)):
            assert isinstance(ours, Connection), "only connections are waited for"
            try:
                received = ours.recv()
            except EOFError:
                processes[ours].join()
                raise ReplayProcessLost(code=processes[ours].exitcode) from None
            if isinstance(received, BaseException):
                raise received
            if received is None:
                processes[ours].join()  # it has closed the book
                left.remove(ours)
            else:
                yield received


def _in_process(
    theirs: Connection,
    cluster: Cluster,
    unpacked_bytes: int,
    path: Path,
    share: Mapping[TopicPartition, tuple[int, int]],
    lock: Any,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends this process
    try:
        for step in _steps(cluster, unpacked_bytes, path, share, lock):
            theirs.send(step)
        theirs.send(None)
    except BrokenPipeError:  # the parent is gone
        return
    except Exception as error:
        theirs.send(error)


def _steps(
    cluster: Cluster,
    unpacked_bytes: int,
    path: Path,
    share: Mapping[TopicPartition, tuple[int, int]],
    lock: Any,
) -> Iterator[tuple[int, int]]:
    with Reader(cluster, unpacked_bytes) as reader, Book(path, writable=True) as book, rare_collections():
        book.connection.execute("PRAGMA synchronous = OFF")  # a draft: completed and synced, or deleted
        sink = BookSink(book, lock)
        for batch in reader.batches(share, size=BATCH_RECORDS):
            result = sink.post(batch)
            assert result is PostResult.POSTED, "nobody else writes these partitions of a draft"
            yield batch.end - batch.start, sum(record.offsets for record in batch.records)
        book.connection.execute("PRAGMA synchronous = FULL")
