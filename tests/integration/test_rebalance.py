"""Records that Faust and aiokafka drop or hide while partitions move: they arrive all the same.

The log is quiet in each test, so that no new record can reveal a missing one.
"""

from __future__ import annotations

import asyncio
import threading
import warnings
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import GroupLoadInProgressError, KafkaError
from faust.exceptions import AlreadyConfiguredWarning
from faust.tables.recovery import Recovery, ServiceStopped

from streams.cluster import Cluster
from streams.worker import Worker
from tests.integration.test_transport import MemorySink, SlowSink, publish, records_of, work
from tests.processes import PATIENCE_SECONDS


def test_messages_that_faust_drops_as_it_resumes_the_flow_are_redelivered(cluster: Cluster) -> None:
    """Recovery seeks, then empties the agents' queues: messages delivered in between are lost."""
    log = publish(cluster, 400)
    sink = MemorySink()
    dropped: list[Any] = []

    def prepare(worker: Worker) -> None:
        deliver = worker.app.consumer.callback

        async def deliver_and_resume(message: Any) -> None:
            await deliver(message)  # it is in the agent's queue, and the agent has not run yet
            if not dropped:
                dropped.append(message)
                worker.app.flow_control.resume()  # the last steps of Recovery._resume_streams
                worker.app.consumer.resume_flow()

        worker.app.consumer.callback = deliver_and_resume

    work(cluster, sink, lambda: sink.has(log), prepare=prepare)
    assert dropped
    assert sink.records == records_of(log)


def test_dropped_messages_are_not_acknowledged(cluster: Cluster) -> None:
    """Faust would acknowledge whatever the agent took, posted or not."""
    log = publish(cluster, 400)
    sink = SlowSink()
    dropped: list[Any] = []
    committed: list[Any] = []
    rounds: list[bool] = []

    def prepare(worker: Worker) -> None:
        consumer = worker.app.consumer
        deliver, look, commit = consumer.callback, consumer.force_commit, consumer._commit

        async def deliver_and_start_over(message: Any) -> None:
            await deliver(message)
            if not dropped:
                dropped.append(message)
                consumer.start_over()

        async def look_at_what_is_acknowledged(*parts: Any, **named: Any) -> bool:
            done: bool = await look(*parts, **named)
            rounds.append(sink.held.is_set())
            return done

        async def note_and_commit(offsets: Any) -> bool:
            committed.append(offsets)
            done: bool = await commit(offsets)
            return done

        consumer.callback, consumer.force_commit = deliver_and_start_over, look_at_what_is_acknowledged
        consumer._commit = note_and_commit

    def held_for_a_while() -> bool:
        if sum(rounds) >= 2 and not sink.go.is_set():  # the agent has dropped the first and handles the second
            assert committed == []
            sink.go.set()
        return sink.has(log) and bool(committed)

    work(cluster, sink, held_for_a_while, prepare=prepare)
    assert dropped
    assert sink.records == records_of(log)


class HesitantSink(MemorySink):
    """A sink that returns its next offset only when it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def next_offset(self, topic: str, partition: int) -> int:
        assert self.go.wait(PATIENCE_SECONDS)
        return super().next_offset(topic, partition)


def test_a_sink_that_is_slow_to_return_its_next_offset_is_waited_for(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recovery ends forever, silently, if a seek takes longer than a request timeout."""
    log = publish(cluster, 400)
    sink = HesitantSink()
    wait, gave_up = Recovery._wait, threading.Event()

    async def noted(self: Recovery, *parts: Any, **named: Any) -> None:
        try:
            await wait(self, *parts, **named)
        except ServiceStopped:
            gave_up.set()
            raise

    monkeypatch.setattr(Recovery, "_wait", noted)
    workers: list[Worker] = []

    def prepare(worker: Worker) -> None:
        workers.append(worker)

        @worker.app.on_partitions_revoked.connect  # type: ignore[untyped-decorator]
        async def have_no_patience(app: Any, revoked: Any, **_: Any) -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", AlreadyConfiguredWarning)
                app.conf.broker_request_timeout = 0.001

    def let_go_and_has() -> bool:
        (worker,) = workers
        if gave_up.is_set() or worker.app.tables.actives_ready:  # Faust has finished the assignment
            sink.go.set()
        return sink.has(log)

    work(cluster, sink, let_go_and_has, prepare=prepare)
    assert not gave_up.is_set()
    assert sink.records == records_of(log)


def rejoin(worker: Worker) -> None:
    thread = worker.app.consumer._thread
    thread.thread_loop.call_soon_threadsafe(thread._consumer._coordinator.request_rejoin)


def test_a_rebalance_before_faust_has_finished_the_previous_one(cluster: Cluster) -> None:
    """Recovery resumes the flow after the next rebalance has stopped it, as when a paused worker joins twice."""
    log = publish(cluster, 400)
    sink = MemorySink()
    flowed: list[bool] = []

    def prepare(worker: Worker) -> None:
        consumer, revoked = worker.app.consumer, asyncio.Event()

        @worker.app.on_rebalance_complete.connect  # type: ignore[untyped-decorator]
        async def join_again_before_it_is(_: Any, **__: Any) -> None:
            if not revoked.is_set():
                rejoin(worker)
                await revoked.wait()

        @worker.app.on_partitions_revoked.connect  # type: ignore[untyped-decorator]
        async def go_on_as_messages_flow(_: Any, partitions: Any, **__: Any) -> None:
            if partitions and not revoked.is_set():
                flowed.append(consumer.flow_active)
                revoked.set()
                await consumer.can_resume_flow.wait()
                flowed.append(consumer.flow_active)

    work(cluster, sink, lambda: sink.has(log), prepare=prepare)
    assert flowed == [False, True]
    assert sink.records == records_of(log)


@pytest.mark.parametrize("step", ["_do_heartbeat", "_do_rejoin_group"])
def test_a_permanent_error_of_the_group_ends_the_worker(
    cluster: Cluster, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aiokafka keeps the error until it is asked, and leaves the group meanwhile; Faust never asks."""

    async def refused(*_: Any) -> bool:
        raise KafkaError("Unexpected exception")

    monkeypatch.setattr(GroupCoordinator, step, refused)
    with pytest.raises(KafkaError, match="Unexpected exception"):
        work(cluster, MemorySink(), lambda: False)


def test_a_passing_error_of_the_group_is_waited_out(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    log = publish(cluster, 400)
    sink = MemorySink()
    join, refused = GroupCoordinator._do_rejoin_group, list[Any]()

    async def refused_once(coordinator: GroupCoordinator, subscription: Any) -> Any:
        if not refused:
            refused.append(subscription)
            raise GroupLoadInProgressError
        return await join(coordinator, subscription)

    monkeypatch.setattr(GroupCoordinator, "_do_rejoin_group", refused_once)
    work(cluster, sink, lambda: sink.has(log))
    assert refused
    assert sink.records == records_of(log)


def test_a_worker_that_has_not_fetched_for_long_joins_again(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an hour of waiting for brokers: aiokafka joins after a fetch, and Faust fetches after a join."""
    logs = [publish(cluster, 400)]
    sink = MemorySink()
    workers: list[Worker] = []
    monkeypatch.setattr(SubscriptionState, "fetcher_idle_time", 24 * 3600.0)

    def join_again_then_all() -> bool:
        if len(logs) == 1 and sink.has(logs[0]):
            rejoin(workers[0])
            logs.append(publish(cluster, 400, seed=2))
        return len(logs) == 2 and sink.has(logs[1])

    work(cluster, sink, join_again_then_all, prepare=workers.append)
    assert sink.records == records_of(logs[1])
