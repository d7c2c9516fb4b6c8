"""A peer at work: in a process of its own, timed from where it is told its offsets to its last commit."""

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

from schemas.errors import LedgerError
from schemas.topics import TopicPartition
from streams.cluster import Cluster

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """What a peer has to do: work through the log up to its ends, into this book (it is made if it is not there)."""

    cluster: Cluster
    ends: dict[TopicPartition, int]
    book: Path


class Spent(NamedTuple):
    """Seconds by the clock, and those that the threads of the process were at work."""

    seconds: float
    cpu: float


class Stopwatch:
    """Both kinds of seconds from its first start on."""

    def __init__(self) -> None:
        self._started: Spent | None = None
        self.spent = Spent(0.0, 0.0)

    def start(self) -> None:
        """Begin; what follows the first start changes nothing."""
        self._started = self._started or Spent(perf_counter(), process_time())

    def stop(self) -> Spent:
        """What was spent up to now."""
        assert self._started is not None, "a stopwatch is started before it is stopped"
        self.spent = Spent(perf_counter() - self._started.seconds, process_time() - self._started.cpu)
        return self.spent


class Run(NamedTuple):
    """How it went. `rss` is the most memory that the process held, in bytes."""

    spent: Spent
    rss: int


Peer = Callable[[Task], Spent]
"""Does the task; returns what it took."""


def run(peer: Peer, task: Task) -> Run:
    """Let the peer work in a process of its own."""
    return apart(_measured, peer, task).result()


def apart(function: Callable[..., T], *arguments: Any) -> Future[T]:
    """Call a function of a module in a new process, which ends with it."""
    pool = ProcessPoolExecutor(1, mp_context=_context())
    future: Future[T] = pool.submit(_called, function, *arguments)
    pool.shutdown(wait=False)
    return future


def _called(function: Callable[..., T], *arguments: Any) -> T:
    try:
        return function(*arguments)
    except LedgerError as error:
        raise RuntimeError(str(error)) from None  # what is made of facts does not travel between processes


def _measured(peer: Peer, task: Task) -> Run:
    spent = peer(task)
    return Run(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def _context() -> BaseContext:
    # A server that has imported it all once, and forks: no threads are copied, and a process begins at once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.peers", "benchmarks.stock"])
    return context


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that is not exceeded by `percent` of them."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def rate(events: int, runs: Sequence[Run]) -> float:
    """Events per second in the median run."""
    return events / median(run.spent.seconds for run in runs)


def work(events: int, runs: Sequence[Run]) -> float:
    """Microseconds of processor time an event in the median run: other load changes it least."""
    return median(run.spent.cpu for run in runs) / events * 1e6
