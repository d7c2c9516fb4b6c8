"""The watchdog ends a worker that posts nothing although records wait, and spares one that has a reason to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from schemas.topics import TopicPartition
from streams.cluster import Cluster
from streams.producer import Producer
from streams.watchdog import ROUNDS, NextOffsets, Watchdog, WorkerStalled
from tests.acceptance.fault import Fault
from tests.events import PLEDGE, partition, registered, value_of
from tests.processes import PATIENCE_SECONDS

HOME: TopicPartition = (PLEDGE, partition("P1"))
AWAY: TopicPartition = (PLEDGE, partition("P2"))
PATIENCE = 0.2
LONG = 20 * PATIENCE
"""Long enough for many rounds in which nothing may happen."""


def publish(cluster: Cluster, *subjects: str) -> None:
    with Producer(cluster) as producer:
        for subject in subjects:
            producer.publish(value_of(registered(subject=subject)))


async def nothing_posted(topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    return dict.fromkeys(topic_partitions, 0)


class Posted(Exception):
    """The worker has posted all for several rounds."""


class AdvancingSink:
    """A sink that is one offset further in these partitions at every query."""

    def __init__(self, *topic_partitions: TopicPartition) -> None:
        self.next = dict.fromkeys(topic_partitions, 0)

    async def __call__(self, topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        self.next = {topic_partition: offset + 1 for topic_partition, offset in self.next.items()}
        return dict.fromkeys(topic_partitions, 0) | self.next


@pytest.fixture
def waiting(cluster: Cluster) -> Cluster:
    """Return a log with records in two partitions."""
    assert HOME != AWAY
    publish(cluster, "P1", *["P2"] * 100)
    return cluster


def watched(
    cluster: Cluster,
    *,
    busy: bool = False,
    assigned: Collection[TopicPartition] = (HOME,),
    next_offsets: NextOffsets = nothing_posted,
    seconds: float = LONG,
) -> None:
    async def watch() -> None:
        watchdog = Watchdog(cluster, f"{cluster.prefix}nobody", "us", PATIENCE)
        await asyncio.wait_for(watchdog.watch(lambda: busy, lambda: assigned, next_offsets), seconds)

    asyncio.run(watch())


def test_records_that_wait_in_an_assigned_partition_end_the_worker(waiting: Cluster, fault: Fault) -> None:
    """A running worker that posts nothing while records wait"""
    with pytest.raises(WorkerStalled, match=rf"{PLEDGE}:{HOME[1]} by 1"):
        watched(waiting)
    fault.ended("stopped: WorkerStalled", 1)


def test_records_that_wait_in_an_unassigned_partition_end_the_worker(waiting: Cluster) -> None:
    with pytest.raises(WorkerStalled):
        watched(waiting, assigned=())


def test_a_busy_worker_is_left_alone(waiting: Cluster) -> None:
    with pytest.raises(TimeoutError):
        watched(waiting, busy=True)


def test_a_worker_that_has_posted_all_is_left_alone(cluster: Cluster) -> None:
    with pytest.raises(TimeoutError):
        watched(cluster)


def test_a_worker_that_advances_is_left_alone_however_much_waits(waiting: Cluster) -> None:
    with pytest.raises(TimeoutError):
        watched(waiting, next_offsets=AdvancingSink(HOME, AWAY))


def test_one_stalled_partition_ends_the_worker_although_others_advance(waiting: Cluster) -> None:
    waited = rf"for {ROUNDS * PATIENCE:.0f} s although records wait: {PLEDGE}:{HOME[1]} by 1\."
    with pytest.raises(WorkerStalled, match=waited):
        watched(waiting, next_offsets=AdvancingSink(AWAY), seconds=PATIENCE_SECONDS)


def test_a_new_record_after_a_quiet_hour_is_no_stall(cluster: Cluster) -> None:
    looks = 0

    async def a_moment_behind(topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        nonlocal looks
        looks += 1
        if looks == 1:
            await asyncio.to_thread(publish, cluster, "P1")
        if looks > 2 + ROUNDS:
            raise Posted
        return dict.fromkeys(topic_partitions, 0) | {HOME: int(looks > 2)}

    with pytest.raises(Posted):
        watched(cluster, next_offsets=a_moment_behind, seconds=PATIENCE_SECONDS)
