"""A worker that posts nothing although records wait is ended; one that has a reason to wait is not."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from streams.cluster import Cluster
from streams.producer import Producer
from streams.reader import Partition
from streams.watchdog import Watchdog, WorkerStalled
from tests.acceptance.fault import Fault
from tests.events import PLEDGE, partition, registered, value_of

HOME: Partition = (PLEDGE, partition("P1"))
PATIENCE = 0.2
LONG = 20 * PATIENCE
"""Long enough for many looks; nothing happens in that time."""


async def nothing_posted(places: Collection[Partition]) -> dict[Partition, int]:
    return dict.fromkeys(places, 0)


@pytest.fixture
def waiting(cluster: Cluster) -> Cluster:
    """A log that holds one record."""
    with Producer(cluster) as producer:
        producer.publish(value_of(registered()))
    return cluster


def watched(cluster: Cluster, *, busy: bool = False, assigned: Collection[Partition] = (HOME,)) -> None:
    async def watch() -> None:
        watchdog = Watchdog(cluster, f"{cluster.prefix}nobody", "us", PATIENCE)
        await asyncio.wait_for(watchdog.watch(lambda: busy, lambda: assigned, nothing_posted), 60 if not busy else LONG)

    asyncio.run(watch())


def test_records_that_wait_in_a_partition_of_ours_end_the_worker(waiting: Cluster, fault: Fault) -> None:
    """A worker that lives and posts nothing while records wait"""
    with pytest.raises(WorkerStalled, match=rf"{PLEDGE}:{HOME[1]} by 1"):
        watched(waiting)
    fault.ended("stopped: WorkerStalled", 1)


def test_records_that_wait_in_a_partition_that_nobody_has_end_the_worker(waiting: Cluster) -> None:
    with pytest.raises(WorkerStalled):
        watched(waiting, assigned=())


def test_a_worker_that_is_busy_is_left_alone(waiting: Cluster) -> None:
    with pytest.raises(TimeoutError):
        watched(waiting, busy=True)


def test_a_worker_that_has_posted_all_is_left_alone(cluster: Cluster) -> None:
    async def watch() -> None:
        watchdog = Watchdog(cluster, f"{cluster.prefix}nobody", "us", PATIENCE)
        await asyncio.wait_for(watchdog.watch(lambda: False, lambda: (HOME,), nothing_posted), LONG)

    with pytest.raises(TimeoutError):
        asyncio.run(watch())
