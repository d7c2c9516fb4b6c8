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
from typing import Any, NamedTuple, TypeVar

from benchmarks.log import Place
from schemas.errors import LedgerError
from streams.cluster import Cluster

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """What a peer has to do: work through the log up to its ends, into this book (it is made if it is not there)."""

    cluster: Cluster
    ends: dict[Place, int]
    book: Path


class Run(NamedTuple):
    """How it went. `rss` is the most memory that the process held, in bytes."""

    seconds: float
    rss: int


Peer = Callable[[Task], float]
"""Does the task; returns the seconds that it took."""


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
    seconds = peer(task)
    return Run(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


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
    return events / median(run.seconds for run in runs)
