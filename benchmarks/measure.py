"""A peer at work: in a process of its own, timed from where it is told its offsets to its last commit."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from schemas.topics import TOPICS
from streams.cluster import Cluster
from streams.reader import Reader

Place = tuple[str, int]
"""(plain topic, partition)"""
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
    rss: int = 0


Peer = Callable[[Task], float]
"""Does the task; returns the seconds that it took."""


def run(peer: Peer, task: Task) -> Run:
    """Let the peer work in a process of its own."""
    return apart(_measured, peer, task)


def apart(function: Callable[..., T], *arguments: object) -> T:
    """Call a function of a module in a new process, which ends with it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _measured(peer: Peer, task: Task) -> Run:
    seconds = peer(task)
    return Run(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def ends(cluster: Cluster) -> dict[Place, int]:
    """Where the log ends in each partition that holds something."""
    with Reader(cluster) as reader:
        return {place: bounds.end for place, bounds in reader.bounds(TOPICS).items() if bounds.end}
