"""The worker: a Faust app with one agent that passes batches to a sink, until it is stopped or something fails."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import faust
from faust.types.tuples import TP

from schemas.topics import TOPICS, UNPACKED_BYTES, TopicPartition
from streams.absence import LONGEST_SECONDS, Absence
from streams.batch import PostResult, Sink
from streams.cluster import BrokerUnavailable, Cluster
from streams.transport import BatchConsumer, BatchTransport, Delivery
from streams.upstream_internals import check_upstream_internals
from streams.watchdog import STALL_SECONDS, Watchdog

_RETRY_SECONDS = 0.5
_STOP_SECONDS = 5.0
"""The time limit for an orderly stop; then the process ends anyway, which costs nothing: only commits count."""
SWITCH_SECONDS = 0.02
"""The interpreter's switch interval, for a sink's thread that computes; heartbeats can wait that long. Python's default
of 5 ms costs 4 % of the throughput."""
IDLE_SECONDS = 2.0
"""The pause between two calls of `idle`."""
NEVER_SECONDS = 100 * 365 * 24 * 3600.0
"""aiokafka's poll interval: without a fetch of its own for this long it would leave the group, and not rejoin before a
fetch. The sink may have to wait for hours; the watchdog handles a worker that stands still."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group of workers: the group's id, the session timeout in seconds, and the client id of each
    worker. A `member` with a name keeps its partitions if it dies and comes back under that name within the session
    timeout; the other members do not notice."""

    id: str
    session_seconds: float = 10.0
    client: str = "ip-ledger"
    member: str | None = None
    held: frozenset[TopicPartition] | None = None
    """The partitions that they share; None: all."""

    def holds(self, topic: str, partition: int) -> bool:
        """Return whether a partition is one of them."""
        return self.held is None or (topic, partition) in self.held


class Worker:
    """One worker.

    `recognise` is called in the sink's thread before the first batch of every assignment and after every lost
    connection. `idle` is called there every few seconds between batches, also without any. Errors of the two and of the
    sink end the worker, except BrokerUnavailable, which it waits out.
    """

    def __init__(
        self,
        cluster: Cluster,
        group: Group,
        sink: Sink,
        recognise: Callable[[], None] = lambda: None,
        idle: Callable[[], None] = lambda: None,
        unpacked_bytes: int = UNPACKED_BYTES,
    ) -> None:
        check_upstream_internals()
        patience = max(STALL_SECONDS, 3 * group.session_seconds)
        self.watchdog = Watchdog(cluster, group.id, group.client, patience, group.holds)
        self.group = group
        self.unpacked_bytes = unpacked_bytes
        self.working = 0
        self.cluster, self.sink, self.recognise, self.idle = cluster, sink, recognise, idle
        self.absence = Absence(cluster)
        for name in ("aiokafka", "faust", "mode"):  # their errors are raised too; we log unreachable brokers
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.assigned: frozenset[TopicPartition] = frozenset()
        """The worker's partitions, since the log was recognised."""
        self.failure: BaseException | None = None
        self.ended = asyncio.Event()
        # SQLite waits and commits in its own thread, so that heartbeats and signals are never held up
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="sink")
        self.app = self._app(group)

    def _app(self, group: Group) -> Any:
        app = faust.App(
            group.id,
            broker=self.cluster.broker_url(),
            broker_client_id=group.client,
            broker_credentials=_credentials(self.cluster),
            broker_session_timeout=group.session_seconds,
            broker_heartbeat_interval=group.session_seconds / 4,
            # a dead connection is given up after this time (Faust: 90 s)
            broker_request_timeout=group.session_seconds * 3,
            broker_rebalance_timeout=group.session_seconds,
            consumer_group_instance_id=group.member,
            broker_max_poll_interval=NEVER_SECONDS,
            # new partitions and deleted topics are noticed within this time on an idle log too (default 5 min)
            consumer_metadata_max_age_ms=int(group.session_seconds * 1000),
            broker_commit_interval=1.0,
            consumer_auto_offset_reset="none",
            consumer_max_fetch_size=1 << 18,
            store="memory://",
            datadir=tempfile.gettempdir(),
            autodiscover=False,
            loghandlers=[],
            table_standby_replicas=0,
            topic_allow_declare=False,
            topic_disable_leader=True,
            stream_wait_empty=False,
            web_enabled=False,
        )
        app.transport = BatchTransport(app.conf.broker_consumer, app)
        names = [self.cluster.topic(name) for name in TOPICS]
        topic = app.topic(*names, value_type=bytes, value_serializer="raw", key_type=bytes, key_serializer="raw")
        app.agent(topic, name="post")(self._post_all)
        return app

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT. Raise the first failure; its batch is not acknowledged."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        self._equip(self.app.consumer)
        sys.setswitchinterval(SWITCH_SECONDS)
        tasks = [asyncio.ensure_future(self._started()), asyncio.ensure_future(self._crashed())]
        tasks += [asyncio.ensure_future(self._idle()), asyncio.ensure_future(self._watched())]
        await self.ended.wait()
        failure = self.failure
        if failure is None:
            await self.app.stop()
        # the current posting finishes; nothing follows, and the sink is not used after this
        self.thread.shutdown(cancel_futures=True)
        for task in tasks:
            task.cancel()
        if failure is not None:
            raise failure

    def _equip(self, consumer: BatchConsumer) -> None:
        consumer.sink_offsets = lambda tps: self._working(lambda: self._sink_offsets(tps))
        consumer.plain = self._plain
        consumer.on_failure = self._fail
        consumer.unpacked_bytes = self.unpacked_bytes
        consumer.attend = self.absence.attend
        consumer.holds = lambda topic, partition: self.group.holds(self._plain(topic), partition)

    def _sink_offsets(self, tps: set[TP]) -> dict[TP, int]:
        self.recognise()
        self.assigned = frozenset((self._plain(tp.topic), tp.partition) for tp in tps)
        return {tp: self.sink.next_offset(self._plain(tp.topic), tp.partition) for tp in tps}

    def _plain(self, topic: str) -> str:
        name = self.cluster.plain(topic)
        assert name is not None, f"subscribed to {topic}, which is not one of ours"
        return name

    async def _post_all(self, stream: Any) -> None:
        async for delivery in stream:
            await self._post(delivery)

    async def _post(self, delivery: Delivery) -> None:
        consumer: BatchConsumer = self.app.consumer
        if delivery.epoch != consumer.epoch:
            return  # it is read again
        try:
            outcomes = await self._working(lambda: self.sink.post_all([*delivery.batches.values()]))
            unfinished = any(outcome is not PostResult.POSTED for outcome in outcomes)
            if unfinished and delivery.epoch == consumer.epoch:
                consumer.start_over()
        except Exception as error:
            # Faust would restart the agent with the next batch and acknowledge this one
            self._fail(error)
            await asyncio.Event().wait()
        consumer.done(delivery)

    def _patiently(self, ask: Callable[[], _T]) -> _T:
        pause = 0.0
        while True:
            try:
                answer = ask()
            except BrokerUnavailable as error:
                if self.ended.is_set():
                    raise
                self.absence.away(error)
                pause = min(2 * pause or _RETRY_SECONDS, LONGEST_SECONDS)
                due = time.monotonic() + pause
                while time.monotonic() < due and not self.ended.is_set():
                    time.sleep(_RETRY_SECONDS)
            else:
                if pause:
                    self.absence.back()
                return answer

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self.thread, self._patiently, work)

    async def _working(self, work: Callable[[], _T]) -> _T:
        """Do work of any length in the sink's thread: the watchdog waits for it."""
        self.working += 1
        try:
            return await self._in_thread(work)
        finally:
            self.working -= 1

    async def _watched(self) -> None:
        try:
            await self.watchdog.watch(lambda: self.working > 0, self._assigned, self._next_offsets)
        except Exception as error:
            self._fail(error)

    def _assigned(self) -> set[TopicPartition]:
        return {(self._plain(tp.topic), tp.partition) for tp in self.app.consumer.assignment()}

    async def _next_offsets(self, topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return await self._in_thread(
            lambda: {topic_partition: self.sink.next_offset(*topic_partition) for topic_partition in topic_partitions}
        )

    async def _idle(self) -> None:
        try:
            while True:
                await asyncio.sleep(IDLE_SECONDS)
                await self._in_thread(self.idle)
        except Exception as error:
            self._fail(error)

    async def _started(self) -> None:
        try:
            await self.app.start()
        except Exception as error:  # otherwise nothing would notice: the app just would not run
            self._fail(error)

    async def _crashed(self) -> None:
        await self.app._crashed.wait()
        self._fail(self.app.crash_reason or RuntimeError("the Faust app crashed"))

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
        self.ended.set()

    def _stop(self) -> None:
        watchdog = threading.Timer(_STOP_SECONDS, os._exit, (0,))
        watchdog.daemon = True
        watchdog.start()
        self.ended.set()


def _credentials(cluster: Cluster) -> Any:
    if cluster.security_protocol == "PLAINTEXT":
        return None
    context = cluster.ssl_context()
    if not cluster.security_protocol.startswith("SASL"):
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        mechanism=cluster.sasl_mechanism,
        username=cluster.sasl_username,
        password=cluster.sasl_password,
        ssl_context=context,
    )
