"""Batches through Faust: all that a fetch brings goes to the agent as ONE message, a batch for each partition.

Faust keeps group membership, rebalancing and the life cycle; its price per message is paid once a batch. Where to
read from is the sink's word: Kafka's committed offsets only follow. See docs/decisions/0001-batches-through-faust.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
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
from streams.fetch import ENOUGH_RECORDS, LogFetcher, Stretch
from streams.upstream_internals import private

PIPELINE = 2
"""Deliveries on their way at a time: one that is posted, one that waits. It bounds memory, whatever the lag."""
FETCH_WAIT_MS = 100
"""A broker answers when it has records, or after this time; who starts over meanwhile waits for its answer."""

LOOK_SECONDS = 1.0
"""Between two looks whether the group still has us."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Batches on their way to the agent. Those of an earlier epoch were read before we started over: they are
    dropped."""

    batches: dict[TP, Batch]
    epoch: int


class _NoReadOffsets(dict[Any, Any]):
    """Faust drops messages below its read offset and notes gaps above it; our cursors do both, exactly."""

    def __getitem__(self, tp: Any) -> None:
        return None

    def __setitem__(self, tp: Any, offset: Any) -> None:
        return None


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer, delivering batches from the sink's offsets on.

    Only the task of Faust's fetcher reads, from the cursors; it asks the sink for those that are missing. A cursor
    moves when something is delivered, and all are forgotten when Faust may have dropped a delivery: that comes again.
    """

    # Set by the worker before it starts:
    sink_offsets: Callable[[set[TP]], Awaitable[dict[TP, int]]]
    plain: Callable[[str], str]
    on_failure: Callable[[BaseException], None]
    unpacked_bytes: int
    attend: Callable[[AIOKafkaClient], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor: dict[TP, int] = {}  # up to where each partition was delivered
        self.epoch = 0
        self.under_way = 0
        self.room = asyncio.Event()
        self.recognised = 0  # connections that were lost before the log was last recognised
        self._read_offset = _NoReadOffsets()

    def start_over(self) -> None:
        """Go on where the sink stands, in all partitions; what is on its way is dropped and comes again."""
        self.epoch += 1
        self.cursor.clear()
        self.under_way = 0
        self.room.set()

    def resume_flow(self) -> None:
        """Faust calls it last after every assignment, in the same step in which it empties the agent's queue."""
        self.start_over()
        super().resume_flow()

    async def perform_seek(self) -> None:
        """Leave it to the fetches: Faust waits for this before it resumes, and gives up for good if it takes long."""

    def done(self, delivery: Delivery) -> None:
        """The agent is through with a delivery: it may be acknowledged, and there is room for the next one."""
        if delivery.epoch == self.epoch:
            self.under_way -= 1
            self.room.set()
            for tp, batch in delivery.batches.items():
                self._acked[tp].append(batch.end - 1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """Called in a loop by Faust's fetcher."""
        try:
            stretches, _ = await self._wait_next_records(timeout)
        except Exception as error:
            self.on_failure(error)
            await asyncio.sleep(timeout)
            return
        if not stretches or self.should_stop:
            return
        epoch = self.epoch
        while self.under_way >= PIPELINE and self.flow_active:
            self.room.clear()
            await self.wait_first(self.room.wait(), self.suspend_flow.wait())
        if not self.flow_active or epoch != self.epoch:
            return  # the cursors have not moved: all of it is read again
        batches: dict[TP, Batch] = {}
        for tp, start, end, records, _ in stretches:
            place = TP._make(tp)
            self.cursor[place] = end
            if known := batches.get(place):
                start, records = known.start, [*known.records, *records]
            batches[place] = Batch(self.plain(place.topic), place.partition, start, end, records)
        self.under_way += 1
        yield next(iter(batches)), _message(Delivery(batches, self.epoch), self.app.consumer_generation_id)

    async def _getmany(self, active_partitions: set[TP], timeout: float) -> list[Stretch]:
        wanted = set(active_partitions)  # it changes while we wait
        if not wanted <= self.cursor.keys():
            await self._ask_sink(wanted)
        epoch = self.epoch
        stretches: list[Stretch] = await self._thread.getmany(
            {tp: offset for tp, offset in self.cursor.items() if tp in wanted}, timeout
        )
        if stretches and self._thread.lost != self.recognised:
            self.start_over()  # they may come from another log
        return stretches if epoch == self.epoch else []

    async def _ask_sink(self, partitions: set[TP]) -> None:
        self.start_over()
        epoch, lost = self.epoch, self._thread.lost  # before the log is looked at
        offsets = await self.sink_offsets(partitions)
        if epoch == self.epoch:
            self.recognised = lost
            self.cursor.update(offsets)
            self._committed_offset.update(offsets)

    def _new_offset(self, tp: TP) -> int | None:
        # Faust commits the end of the first run of consecutive acknowledged offsets. A batch acknowledges only its last
        # one, and batches of a partition are handled in order by one agent: the highest is right.
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
    message.acked = True  # for Faust, which would acknowledge whatever the agent took: `done` does, what was posted
    return message


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    lost = 0
    """Connections that were lost. A broker that comes back may have lost the end of its log, and have a new one by
    now."""
    fetcher: LogFetcher

    async def on_start(self) -> None:
        await super().on_start()
        # aiokafka would fetch too, and decode in its own way: its routine of fetches is ended, the rest goes on
        routine = private(self._consumer._fetcher, "_fetch_task")
        routine.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await routine
        self.fetcher = LogFetcher(self._consumer._client, self.consumer.unpacked_bytes, FETCH_WAIT_MS, ENOUGH_RECORDS)

    @Service.task  # type: ignore[untyped-decorator]
    async def _require_membership(self) -> None:
        """Take what the group's coordinator fails with: aiokafka keeps it until somebody asks, and stays away."""
        while not self.should_stop:
            await self.sleep(LOOK_SECONDS)
            try:
                self._consumer._coordinator.check_errors()
            except KafkaError as error:
                if not error.retriable:
                    self.parent_loop.call_soon_threadsafe(self.consumer.on_failure, error)
                    return

    async def on_thread_stop(self) -> None:
        await self.fetcher.close()
        await super().on_thread_stop()

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        closed = consumer._client._on_connection_closed

        def note_and_close(connection: Any, reason: Any) -> None:
            self.lost += 1
            closed(connection, reason)

        consumer._client._on_connection_closed = note_and_close
        self.consumer.attend(consumer._client)
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        positions: Mapping[TP, int],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> list[Stretch]:
        """Read on from these positions; nothing if we start over meanwhile."""
        epoch, deadline = self.consumer.epoch, monotonic() + (timeout or 1.0)
        wanted = {aiokafka.TopicPartition(*tp): offset for tp, offset in positions.items()}
        stretches: list[Stretch] = []
        while wanted and not stretches and self.consumer.flow_active and self.consumer.epoch == epoch:
            if (left := deadline - monotonic()) <= 0:
                break
            stretches = await self.fetcher.read(wanted, left)
        return stretches


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = BatchConsumer
