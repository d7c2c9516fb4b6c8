"""End a worker that is alive and posts nothing although records wait for it: a supervisor starts it again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from schemas.errors import PromiseBroken
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import BrokerUnavailable, Cluster
from streams.group import require_ours
from streams.reader import Bounds, Reader

LOOKS = 12
"""So many looks at a worker that is not busy are a turn. Looks are counted, not time: clocks may jump."""
STALL_SECONDS = 60.0
"""A turn takes at least so long; in a group with long sessions three of them."""
TURNS = 5
"""For so many turns a partition may stand still while others go on: a slow disk has much to do before its turn."""


class WorkerStalled(PromiseBroken):
    """The worker has posted nothing for {seconds:.0f} s of what waits for it: {waiting}. It ends, and nothing is lost:
    start it again. If this comes back, run `ip-ledger doctor` and report it with the worker's log."""


class _Stand(NamedTuple):
    next: int
    end: int


class Watchdog:
    """Looks whether a worker makes progress: where its partitions go on, and where their log ends."""

    def __init__(self, cluster: Cluster, group: str, client: str, patience: float = STALL_SECONDS) -> None:
        self._cluster, self._group, self._client = cluster, group, client
        self._patience = patience
        self._stop = threading.Event()

    async def watch(
        self, busy: Callable[[], bool], assigned: Callable[[], Collection[TopicPartition]], next_offsets: NextOffsets
    ) -> None:
        """Look until it is cancelled. Raises WorkerStalled, GroupTaken, GroupNotClassic."""
        before: dict[TopicPartition, _Stand] = {}
        turns: dict[TopicPartition, int] = {}
        try:
            while True:
                await self._turn(busy)
                now = await self._stands(assigned, next_offsets)
                still = {place for place, stand in now.items() if place in before and _waits(before[place], stand)}
                turns = {place: turns.get(place, 0) + 1 for place in still}
                moved = any(stand.next != before[place].next for place, stand in now.items() if place in before)
                stalled = sorted(place for place, count in turns.items() if count >= (TURNS if moved else 1))
                if stalled:
                    waiting = ", ".join(
                        f"{place[0]}:{place[1]} by {now[place].end - now[place].next}" for place in stalled
                    )
                    raise WorkerStalled(seconds=turns[stalled[0]] * self._patience, waiting=waiting)
                before = now
        finally:
            self._stop.set()

    async def _turn(self, busy: Callable[[], bool]) -> None:
        looks = 0
        while looks < LOOKS:
            await asyncio.to_thread(self._stop.wait, self._patience / LOOKS)
            looks += not busy()

    async def _stands(
        self, assigned: Callable[[], Collection[TopicPartition]], next_offsets: NextOffsets
    ) -> dict[TopicPartition, _Stand]:
        """Return where the partitions stand that are this worker's to post; none where nobody can make progress."""
        try:
            bounds, partitions = await asyncio.to_thread(self._look)
        except BrokerUnavailable:  # the worker's log says so
            return {}
        offsets = await next_offsets(bounds)
        # those that nobody in the group has are ours to post too
        ours = assigned() if partitions == len(bounds) else bounds
        return {place: _Stand(offsets[place], bound.end) for place, bound in bounds.items() if place in ours}

    def _look(self) -> tuple[dict[TopicPartition, Bounds], int]:
        """Return what the log holds, and how many partitions the workers of the group have."""
        with Reader(self._cluster) as reader:
            bounds = reader.bounds(TOPICS)
        return bounds, sum(member.partitions for member in require_ours(self._cluster, self._group, self._client))


NextOffsets = Callable[[Collection[TopicPartition]], Awaitable[dict[TopicPartition, int]]]
"""Asks the sink where partitions go on."""


def _waits(before: _Stand, now: _Stand) -> bool:
    """Whether what waited before still does."""
    return before.next == now.next < before.end
