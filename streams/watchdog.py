"""End a worker that is alive and posts nothing although records wait for it: a supervisor starts it again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams.cluster import BrokerUnavailable, Cluster
from streams.group import members
from streams.reader import Bounds, Partition, Reader

LOOK_SECONDS = 5.0
STALL_SECONDS = 60.0
"""A worker may stand still for so long; a group with long sessions for three of them."""


class WorkerStalled(LedgerError):
    """The worker has posted nothing for {seconds:.0f} s although the log goes on: {waiting}. It ends, and nothing is
    lost: start it again. If this comes back, run `ip-ledger doctor` and report it with the worker's log."""


class Watchdog:
    """Looks whether a worker makes progress."""

    def __init__(self, cluster: Cluster, group: str, patience: float = STALL_SECONDS) -> None:
        self._cluster, self._group, self._patience = cluster, group, patience
        self._moved = monotonic()

    def moved(self) -> None:
        """Note that the worker makes progress, or has a reason of its own to wait."""
        self._moved = monotonic()

    async def watch(
        self, busy: Callable[[], bool], assigned: Callable[[], Collection[Partition]], next_offsets: NextOffsets
    ) -> None:
        """Look until it is cancelled. Raises WorkerStalled."""
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._patience))
            if busy():
                self.moved()
            if monotonic() - self._moved < self._patience:
                continue
            before = self._moved
            try:
                bounds, partitions = await asyncio.to_thread(self._look)
            except BrokerUnavailable:  # nobody can make progress, and the worker's log says so
                self.moved()
                continue
            offsets = await next_offsets(bounds)
            lag = {place: bound.end - offsets[place] for place, bound in bounds.items() if bound.end > offsets[place]}
            mine = {place: records for place, records in lag.items() if place in assigned()}
            # of other partitions only those are ours to post that nobody in the group has
            waiting = mine or (lag if partitions < len(bounds) else {})
            if waiting and self._moved == before:
                named = ", ".join(f"{topic}:{partition} by {n}" for (topic, partition), n in waiting.items())
                raise WorkerStalled(seconds=monotonic() - self._moved, waiting=named)

    def _look(self) -> tuple[dict[Partition, Bounds], int]:
        """Return what the log holds, and how many partitions the workers of the group have."""
        with Reader(self._cluster) as reader:
            bounds = reader.bounds(TOPICS)
        return bounds, sum(member.partitions for member in members(self._cluster, self._group))


NextOffsets = Callable[[Collection[Partition]], Awaitable[dict[Partition, int]]]
"""Asks the sink where partitions go on."""
