"""Batches through Faust: everything that a fetch returns goes to the agent as ONE message, with one batch per
partition.

Faust handles group membership, rebalancing and the life cycle; its cost per message is paid once per batch. The sink
decides where to read from; Kafka's committed offsets only follow. See docs/decisions/0001-batches-through-faust.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiokafka
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage
from mode import Service

from streams.batch import Batch
from streams.fetch import ENOUGH_RECORDS, FetchedRange, LogFetcher
from streams.held import Holds, assignor_of
from streams.upstream_internals import private

PIPELINE = 2
"""Maximum deliveries in flight: one being posted, and while we are behind the log, one waiting. It bounds memory,
whatever the lag."""
FETCH_WAIT_MS = 100
"""A broker responds when it has records, or after this time. A restart meanwhile waits for its response."""

PACE_SECONDS = 0.015
"""The pause between two fetches at the end of the log. A fetch and a transaction for each record cost worker and broker
more processor time than the records do."""

_LOOK_SECONDS = 1.0
"""The pause between two checks of our group membership."""


@dataclass(slots=True)
class Delivery:
    """Batches on their way to the agent. Those of an earlier epoch were read before a restart and are dropped."""

    epoch: int
    batches: dict[TP, Batch]


class _NoReadOffsets(dict[Any, Any]):
    """Stores nothing: Faust would drop messages below its read offset and note gaps above it. Our cursors do both,
    exactly."""

    def __getitem__(self, tp: Any) -> None:
        return None

    def __setitem__(self, tp: Any, offset: Any) -> None:
        return None


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer, which delivers batches from the sink's offsets on.

    Only the task of Faust's fetcher reads, from the cursors; it asks the sink for missing cursors. A cursor advances on
    delivery. All cursors are cleared when Faust may have dropped a delivery, so that it is read again.
    """

    # Set by the worker before start:
    sink_offsets: Callable[[set[TP]], Awaitable[dict[TP, int]]]
    plain: Callable[[str], str]
    on_failure: Callable[[BaseException], None]
    unpacked_bytes: int
    attend: Callable[[AIOKafkaClient], None]
    holds: Holds

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor: dict[TP, int] = {}  # end of each partition's last delivery
        self.epoch = 0
        self.under_way = 0
        self.room = asyncio.Event()
        self.behind = False  # the last delivery did not reach the end of the log
        self.delivered = 0.0  # the time of the last delivery
        self.recognised = 0  # lost connections before the last recognition of the log
        self._read_offset = _NoReadOffsets()

    def start_over(self) -> None:
        """Continue at the sink's offsets in all partitions; deliveries in flight are dropped and read again."""
        self.epoch += 1
        self.cursor.clear()
        self.under_way = 0
        self.room.set()

    def stop_flow(self) -> None:
        """Stop fetching before a rebalance, also what waits for room."""
        super().stop_flow()
        self.room.set()

    def resume_flow(self) -> None:
        """Start over after an assignment: Faust calls this last, in the step in which it empties the agent's queue."""
        self.start_over()
        super().resume_flow()

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Leave it to the watchdog: Faust looks at the fetches of aiokafka, which make none here, and logs errors."""

    async def perform_seek(self) -> None:
        """Do nothing; the fetches seek. Faust waits for this before it resumes, and gives up for good if it takes
        long."""

    def done(self, delivery: Delivery) -> None:
        """Note that the agent has finished a delivery: acknowledge it, and make room for the next one."""
        if delivery.epoch == self.epoch:
            self.under_way -= 1
            self.room.set()
            for tp, batch in delivery.batches.items():
                self._acked[tp].append(batch.end - 1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """Yield the next delivery; Faust's fetcher calls this in a loop. At the end of the log, the next fetch waits
        until all is posted: whatever arrives meanwhile is posted together."""
        if not self.behind:
            await self._until_under_way(0)
            await asyncio.sleep(self.delivered + PACE_SECONDS - monotonic())
        try:
            stretches, _ = await self._wait_next_records(timeout)
        except Exception as error:
            self.on_failure(error)
            await asyncio.sleep(timeout)
            return
        if not stretches or self.should_stop:
            return
        epoch = self.epoch
        await self._until_under_way(PIPELINE - 1)
        if not self.flow_active or epoch != self.epoch:
            return  # the cursors have not advanced: everything is read again
        self.delivered = monotonic()
        self.under_way += 1
        delivery = Delivery(self.epoch, self._batches(stretches))
        ends = self._thread.fetcher.stable
        self.behind = any(offset < ends.get(tp, 0) for tp, offset in self.cursor.items())
        yield next(iter(delivery.batches)), _message(delivery, self.app.consumer_generation_id)

    async def _until_under_way(self, most: int) -> None:
        """Wait until so few deliveries are in flight, or Faust stops the flow."""
        while self.under_way > most and self.flow_active:
            self.room.clear()
            await self.room.wait()

    def _batches(self, stretches: Sequence[FetchedRange]) -> dict[TP, Batch]:
        """Return the batches of several stretches, and advance the cursors."""
        batches: dict[TP, Batch] = {}
        for tp, start, end, records, _ in stretches:
            topic_partition = TP._make(tp)
            self.cursor[topic_partition] = end
            if known := batches.get(topic_partition):
                start, records = known.start, [*known.records, *records]
            batches[topic_partition] = Batch(
                self.plain(topic_partition.topic), topic_partition.partition, start, end, records
            )
        return batches

    async def _getmany(self, active_partitions: set[TP], timeout: float) -> list[FetchedRange]:
        # it changes during the wait; a foreign leader of the group may assign what the book does not hold
        wanted = {tp for tp in active_partitions if self.holds(*tp)}
        if not wanted:
            await asyncio.sleep(timeout)
            return []
        if not wanted <= self.cursor.keys():
            await self._ask_sink(wanted)
        epoch = self.epoch
        stretches: list[FetchedRange] = await self._thread.getmany(
            {tp: offset for tp, offset in self.cursor.items() if tp in wanted}, timeout
        )
        if stretches and self._thread.lost != self.recognised:
            self.start_over()  # these may come from another log
        return stretches if epoch == self.epoch else []

    async def _ask_sink(self, partitions: set[TP]) -> None:
        self.start_over()
        epoch, lost = self.epoch, self._thread.lost  # before the log is checked
        offsets = await self.sink_offsets(partitions)
        if epoch == self.epoch:
            self.recognised = lost
            self.cursor.update(offsets)
            self._committed_offset.update(offsets)

    def _new_offset(self, tp: TP) -> int | None:
        # Faust commits the end of the first run of consecutive acknowledged offsets. A batch acknowledges only its last
        # offset, and one agent handles the batches of a partition in order: the highest is correct.
        acked = self._acked[tp]
        if not acked:
            return None
        offset: int = max(acked) + 1
        acked.clear()
        self._acked_index[tp].clear()
        return offset

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


def _message(delivery: Delivery, generation: int) -> ConsumerMessage:
    tp, batch = next(iter(delivery.batches.items()))
    message = ConsumerMessage(
        tp.topic,
        tp.partition,
        batch.end - 1,
        0.0,
        0,
        (),
        None,
        delivery,
        None,
        0,
        0,
        tp,
        generation_id=generation,
    )
    message.acked = True  # Faust would acknowledge whatever the agent took; `done` acknowledges what was posted
    return message


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    lost = 0
    """The number of lost connections. A broker that comes back may have lost the end of its log and already have a new
    one."""
    fetcher: LogFetcher

    async def on_start(self) -> None:
        await super().on_start()
        # aiokafka would fetch too, and decode in its own way: cancel its fetch task and keep the rest
        routine = private(self._consumer._fetcher, "_fetch_task")
        routine.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await routine
        self.fetcher = LogFetcher(self._consumer._client, self.consumer.unpacked_bytes, FETCH_WAIT_MS, ENOUGH_RECORDS)

    @Service.task  # type: ignore[untyped-decorator]
    async def _require_membership(self) -> None:
        """Raise the error of the group's coordinator: aiokafka stores it until somebody asks, and stays out of the
        group."""
        while not self.should_stop:
            await self.sleep(_LOOK_SECONDS)
            try:
                self._consumer._coordinator.check_errors()
            except KafkaError as error:
                if not error.retriable:
                    self.parent_loop.call_soon_threadsafe(self.consumer.on_failure, error)
                    return

    async def on_thread_stop(self) -> None:
        # aiokafka lets a named member stay in the group when it closes; this one does not come back
        self._consumer._coordinator._group_instance_id = None
        await self.fetcher.close()
        await super().on_thread_stop()

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        closed = consumer._client._on_connection_closed

        def note_and_close(connection: Any, reason: Any) -> None:
            self.lost += 1
            closed(connection, reason)

        consumer._client._on_connection_closed = note_and_close
        consumer._partition_assignment_strategy = (assignor_of(self.consumer.holds),)
        self.consumer.attend(consumer._client)
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        positions: Mapping[TP, int],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> list[FetchedRange]:
        """Read on from these positions; return nothing after a restart meanwhile."""
        epoch, deadline = self.consumer.epoch, monotonic() + (timeout or 1.0)
        wanted = {aiokafka.TopicPartition(*tp): offset for tp, offset in positions.items()}
        stretches: list[FetchedRange] = []
        while wanted and not stretches and self.consumer.flow_active and self.consumer.epoch == epoch:
            if (left := deadline - monotonic()) <= 0:
                break
            stretches = await self.fetcher.read(wanted, left)
        return stretches


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = BatchConsumer
