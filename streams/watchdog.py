"""End a worker that is alive and posts nothing although records wait for it: a supervisor starts it again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection

from schemas.errors import PromiseBroken
from schemas.topics import TOPICS
from streams.cluster import BrokerUnavailable, Cluster
from streams.group import require_ours
from streams.reader import Bounds, Partition, Reader

MOST_LOOKS = 12
"""So many looks in a row find a worker that stands still."""
STALL_SECONDS = 60.0
"""A worker may stand still for so long; a group with long sessions for three of them."""


class WorkerStalled(PromiseBroken):
    """The worker has posted nothing for {seconds:.0f} s although the log goes on: {waiting}. It ends, and nothing is
    lost: start it again. If this comes back, run `ip-ledger doctor` and report it with the worker's log."""


class Watchdog:
    """Looks whether a worker makes progress. It counts looks, not time: clocks may jump."""

    def __init__(self, cluster: Cluster, group: str, client: str, patience: float = STALL_SECONDS) -> None:
        self._cluster, self._group, self._client = cluster, group, client
        self._pause = patience / MOST_LOOKS
        self._still = 0
        self._stop = threading.Event()

    def moved(self) -> None:
        """Note that the worker makes progress, or has a reason of its own to wait."""
        self._still = 0

    async def watch(
        self, busy: Callable[[], bool], assigned: Callable[[], Collection[Partition]], next_offsets: NextOffsets
    ) -> None:
        """Look until it is cancelled. Raises WorkerStalled, GroupTaken, GroupNotClassic."""
        try:
            while True:
                await asyncio.to_thread(self._stop.wait, self._pause)
                self._still += 1
                if busy():
                    self.moved()
                if self._still >= MOST_LOOKS and (waiting := await self._waiting(assigned, next_offsets)):
                    raise WorkerStalled(seconds=self._still * self._pause, waiting=waiting)
        finally:
            self._stop.set()

    async def _waiting(self, assigned: Callable[[], Collection[Partition]], next_offsets: NextOffsets) -> str:
        """Return what waits for this worker; nothing if it moves meanwhile."""
        try:
            bounds, partitions = await asyncio.to_thread(self._look)
        except BrokerUnavailable:  # nobody can make progress, and the worker's log says so
            self.moved()
            return ""
        offsets = await next_offsets(bounds)
        lag = {place: bound.end - offsets[place] for place, bound in bounds.items() if bound.end > offsets[place]}
        mine = {place: records for place, records in lag.items() if place in assigned()}
        # of other partitions only those are ours to post that nobody in the group has
        waiting = mine or (lag if partitions < len(bounds) else {})
        return ", ".join(f"{topic}:{partition} by {n}" for (topic, partition), n in waiting.items() if self._still)

    def _look(self) -> tuple[dict[Partition, Bounds], int]:
        """Return what the log holds, and how many partitions the workers of the group have."""
        with Reader(self._cluster) as reader:
            bounds = reader.bounds(TOPICS)
        return bounds, sum(member.partitions for member in require_ours(self._cluster, self._group, self._client))


NextOffsets = Callable[[Collection[Partition]], Awaitable[dict[Partition, int]]]
"""Asks the sink where partitions go on."""
