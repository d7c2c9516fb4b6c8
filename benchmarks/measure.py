"""Runs of a peer in a separate process, timed from the assignment of its offsets to its last commit."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from multiprocessing.context import BaseContext
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeVar

from ledger.book.sink import rare_collections
from schemas.errors import LedgerError
from schemas.topics import TopicPartition
from streams.cluster import Cluster

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """The task of a peer: process the log up to its ends into this book, which it creates if it is missing."""

    cluster: Cluster
    ends: dict[TopicPartition, int]
    book: Path


class Spent(NamedTuple):
    """Wall-clock seconds, and seconds of processor time of the process and those that it started."""

    seconds: float
    cpu: float


class Stopwatch:
    """Measures both kinds of seconds from its first start."""

    def __init__(self) -> None:
        self._started: Spent | None = None
        self.spent = Spent(0.0, 0.0)

    def start(self) -> None:
        """Start; later calls have no effect."""
        self._started = self._started or Spent(perf_counter(), _cpu())

    def stop(self) -> Spent:
        """Return the seconds spent so far."""
        assert self._started is not None, "start the stopwatch before you stop it"
        self.spent = Spent(perf_counter() - self._started.seconds, _cpu() - self._started.cpu)
        return self.spent


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


class Run(NamedTuple):
    """The result of a run. `rss` is the peak memory of the process in bytes."""

    spent: Spent
    rss: int


Peer = Callable[[Task], Spent]
"""Does the task; returns the seconds spent."""


def run(peer: Peer, task: Task) -> Run:
    """Run the peer in a separate process, with rare garbage collections as in a worker."""
    return apart(_measured, peer, task).result()


def apart(function: Callable[..., T], *arguments: Any) -> Future[T]:
    """Call a function of a module in a new process that ends with the call."""
    pool = ProcessPoolExecutor(1, mp_context=_context())
    future: Future[T] = pool.submit(_called, function, *arguments)
    pool.shutdown(wait=False)
    return future


def _called(function: Callable[..., T], *arguments: Any) -> T:
    try:
        return function(*arguments)
    except LedgerError as error:
        raise RuntimeError(str(error)) from None  # errors with facts cannot be pickled


def _measured(peer: Peer, task: Task) -> Run:
    with rare_collections():
        spent = peer(task)
    return Run(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def _context() -> BaseContext:
    # A fork server with all modules imported: it copies no threads, and a process starts at once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.peers", "benchmarks.stock"])
    return context


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def rate(events: int, runs: Sequence[Run]) -> float:
    """Return the events per second of the median run."""
    return events / median(run.spent.seconds for run in runs)


def work(events: int, runs: Sequence[Run]) -> float:
    """Return the microseconds of processor time per event of the median run; other load affects them least."""
    return median(run.spent.cpu for run in runs) / events * 1e6
