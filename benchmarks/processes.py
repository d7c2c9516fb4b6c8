"""The real command `ip-ledger worker`, with one process or several."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep

from confluent_kafka import ConsumerGroupState
from confluent_kafka.admin import AdminClient

from benchmarks.measure import Spent, Task
from benchmarks.rows import make
from ledger.book.book import Book
from ledger.processes import cores
from streams.cluster import Cluster

PATIENCE_SECONDS = 600


@contextmanager
def working(cluster: Cluster, book: Path, processes: int) -> Iterator[None]:
    """Run an `ip-ledger worker`."""
    own = {
        "LEDGER_BROKERS": cluster.brokers,
        "LEDGER_TOPIC_PREFIX": cluster.prefix,
        "LEDGER_BOOK": str(book),
    }
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "worker", "--processes", str(processes)]
    with book.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | own, cwd=book.parent, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def one_process(task: Task) -> Spent:
    """Run `ip-ledger worker --processes 1`."""
    return _timed(task, 1)


def all_cores(task: Task) -> Spent:
    """Run `ip-ledger worker` with a process for each core."""
    return _timed(task, cores())


def _timed(task: Task, processes: int) -> Spent:
    """Time a worker from the moment at which all its processes have partitions; scale that to the whole log.

    A log that is too short, so that nothing is left by then, gives a figure without a meaning.
    """
    make(task)
    whole = sum(task.ends.values())
    with Book(task.book) as book:
        with working(task.cluster, task.book, processes):
            _wait_until_joined(task.cluster, book, processes)
            before, began = _posted(book), perf_counter()
            while _posted(book) < whole:
                sleep(0.01)
            seconds = perf_counter() - began
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(seconds * whole / max(whole - before, 1), ended.ru_utime + ended.ru_stime)


def _posted(book: Book) -> int:
    return sum(position.next for position in book.positions())


def _wait_until_joined(cluster: Cluster, book: Book, processes: int) -> None:
    admin = AdminClient(cluster.librdkafka())
    while True:
        group = admin.describe_consumer_groups([book.group])[book.group].result(PATIENCE_SECONDS)
        having = [member for member in group.members if member.assignment.topic_partitions]
        if group.state is ConsumerGroupState.STABLE and len(having) == processes:
            return
        sleep(0.01)
