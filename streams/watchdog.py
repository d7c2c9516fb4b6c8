"""End a worker that runs but posts nothing although records wait: a supervisor restarts it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from schemas.errors import PromiseBroken
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import BrokerUnavailable, Cluster
from streams.group import require_ours
from streams.held import Holds
from streams.reader import Bounds, Reader

LOOKS = 12
"""The number of checks of an idle worker in a round. Checks are counted, not time: clocks may jump."""
STALL_SECONDS = 60.0
"""A round takes at least this long; in a group with long sessions three session timeouts."""
ROUNDS = 5
"""The number of rounds for which a partition may stand still while others advance: a slow disk may have much to do
first."""


class WorkerStalled(PromiseBroken):
    """The worker has posted nothing for {seconds:.0f} s although records wait: {waiting}. It ends, and nothing is lost:
    start it again. If this recurs, run `ip-ledger doctor` and report it with the worker's log."""


def everything(topic: str, partition: int) -> bool:
    """Return True: a group without a share holds every partition."""
    return True


class _Stand(NamedTuple):
    next: int
    end: int


class Watchdog:
    """Checks whether a worker makes progress: where its partitions continue, and where their log ends."""

    def __init__(
        self, cluster: Cluster, group: str, client: str, patience: float = STALL_SECONDS, holds: Holds = everything
    ) -> None:
        self._cluster, self._group, self._client, self._holds = cluster, group, client, holds
        self._patience = patience
        self._stop = threading.Event()

    async def watch(
        self, busy: Callable[[], bool], assigned: Callable[[], Collection[TopicPartition]], next_offsets: NextOffsets
    ) -> None:
        """Check until cancelled. Raise WorkerStalled, GroupTaken, GroupNotClassic."""
        before: dict[TopicPartition, _Stand] = {}
        rounds: dict[TopicPartition, int] = {}
        try:
            while True:
                await self._round(busy)
                now = await self._stands(assigned, next_offsets)
                known = now.keys() & before.keys()
                still = {each for each in known if _waits(before[each], now[each])}
                rounds = {each: rounds.get(each, 0) + 1 for each in still}
                moved = any(now[each].next != before[each].next for each in known)
                stalled = sorted(each for each, count in rounds.items() if count >= (ROUNDS if moved else 1))
                if stalled:
                    waiting = ", ".join(
                        f"{topic}:{partition} by {now[topic, partition].end - now[topic, partition].next}"
                        for topic, partition in stalled
                    )
                    raise WorkerStalled(seconds=rounds[stalled[0]] * self._patience, waiting=waiting)
                before = now
        finally:
            self._stop.set()

    async def _round(self, busy: Callable[[], bool]) -> None:
        looks = 0
        while looks < LOOKS:
            await asyncio.to_thread(self._stop.wait, self._patience / LOOKS)
            looks += not busy()

    async def _stands(
        self, assigned: Callable[[], Collection[TopicPartition]], next_offsets: NextOffsets
    ) -> dict[TopicPartition, _Stand]:
        """Return the state of the partitions that this worker must post; none if no worker can make progress."""
        try:
            bounds, partitions = await asyncio.to_thread(self._look)
        except BrokerUnavailable:  # the worker's log reports it
            return {}
        offsets = await next_offsets(bounds)
        # partitions without a member in the group are ours to post too
        ours = assigned() if partitions == len(bounds) else bounds
        return {
            topic_partition: _Stand(offsets[topic_partition], bound.end)
            for topic_partition, bound in bounds.items()
            if topic_partition in ours
        }

    def _look(self) -> tuple[dict[TopicPartition, Bounds], int]:
        """Return the bounds of the log, and the number of partitions that the group's workers have."""
        with Reader(self._cluster) as reader:
            bounds = {
                topic_partition: bound
                for topic_partition, bound in reader.bounds(TOPICS).items()
                if self._holds(*topic_partition)
            }
        return bounds, sum(member.partitions for member in require_ours(self._cluster, self._group, self._client))


NextOffsets = Callable[[Collection[TopicPartition]], Awaitable[dict[TopicPartition, int]]]
"""Asks the sink where partitions continue."""


def _waits(before: _Stand, now: _Stand) -> bool:
    """Return whether the records that waited before still wait."""
    return before.next == now.next < before.end
