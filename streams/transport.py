"""Batches through Faust: all that a fetch brings goes to the agent as ONE message, a batch for each partition.

Faust keeps group membership, rebalancing and the life cycle; its price per message is paid once a batch. Where to
read from is the sink's word: Kafka's committed offsets only follow. See docs/decisions/0001-batches-through-faust.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiokafka
from aiokafka.client import AIOKafkaClient
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage

from streams.batch import Batch
from streams.fetch import ENOUGH_RECORDS, LogFetcher, Stretch
from streams.private_names import private

PIPELINE = 2
"""Deliveries on their way at a time: one that is posted, one that waits. It bounds memory, whatever the lag."""
FETCH_WAIT_MS = 100
"""A broker answers when it has records, or after this time; what is sought meanwhile waits for its answer."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Batches on their way to the agent. Those of an earlier epoch were fetched before a seek: they are dropped."""

    batches: dict[TP, Batch]
    epoch: int


NOWHERE = -1
"""Where a stretch begins that may come from another log: it fits no cursor, so the partitions are sought again."""


class _NoReadOffsets(dict[Any, Any]):
    """Faust drops messages below its read offset and notes gaps above it; our cursors do both, exactly."""

    def __getitem__(self, tp: Any) -> None:
        return None

    def __setitem__(self, tp: Any, offset: Any) -> None:
        return None


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer, delivering batches from the sink's offsets on."""

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
        self.seeking = asyncio.Lock()
        self._read_offset = _NoReadOffsets()

    async def perform_seek(self) -> None:
        """Go on where the sink stands, in all partitions; what is on its way is dropped and comes again.

        Faust calls it after every assignment, after its signals: the one place where a seek is not overwritten.
        """
        async with self.seeking:  # two at once could leave cursors and positions apart
            await self._seek_to_sink()

    async def _seek_to_sink(self) -> None:
        self.epoch += 1
        lost = self._thread.lost  # before the log is looked at
        self.cursor.clear()
        self.under_way = 0
        self.room.set()
        assigned = self.assignment()
        try:
            offsets = await self.sink_offsets(set(map(TP._make, assigned)))
            # in the consumer's own thread: a fetch that ends meanwhile must not move the position again
            await self.seek_wait(offsets)
        except Exception as error:
            if assigned == self.assignment():  # else a rebalance began meanwhile, and Faust seeks again after it
                self.on_failure(error)
        else:
            self._thread.lost_before = lost
            self.cursor.update(offsets)
            self._committed_offset.update(offsets)

    def done(self, delivery: Delivery) -> None:
        """The agent is through with a delivery: it may be acknowledged, and there is room for the next one."""
        if delivery.epoch == self.epoch:
            self.under_way -= 1
            self.room.set()
            for tp, batch in delivery.batches.items():
                self._acked[tp].append(batch.end - 1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """Called in a loop by Faust's fetcher.

        What was fetched before a seek or a rebalance must not be dropped silently: positions have moved over it, and
        where the log goes quiet nothing would show that it is missing.
        """
        try:
            fetched, _ = await self._wait_next_records(timeout)
        except Exception as error:
            self.on_failure(error)
            await asyncio.sleep(timeout)
            return
        if fetched is None or self.should_stop:
            return
        stretches: list[Stretch] = fetched.pop(STRETCHES, [])
        if not stretches:
            return
        if not self.flow_active:
            await self.perform_seek()
            return
        while self.under_way >= PIPELINE and self.flow_active:
            self.room.clear()
            await self.wait_first(self.room.wait(), self.suspend_flow.wait())
        if not self.flow_active:
            return  # a rebalance began: Faust seeks after it, and all of it is fetched again
        batches: dict[TP, Batch] = {}
        for tp, start, end, records, _ in stretches:
            place = TP._make(tp)
            if start != self.cursor.get(place):
                await self.perform_seek()  # never bridge what was not walked over: it would count as a gap
                return
            self.cursor[place] = end
            if known := batches.get(place):
                start, records = known.start, [*known.records, *records]
            batches[place] = Batch(self.plain(place.topic), place.partition, start, end, records)
        self.under_way += 1
        yield next(iter(batches)), _message(Delivery(batches, self.epoch), self.app.consumer_generation_id)

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
    return ConsumerMessage(
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


STRETCHES = TP("", NOWHERE)
"""Under this key the consumer's thread hands over what it read, in the one dictionary that Faust passes on."""


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    seeks = 0
    lost = lost_before = 0
    """Connections that were lost, in all and before the log was last recognised. A broker that comes back may have
    lost the end of its log, and have a new one by now."""
    fetcher: LogFetcher

    async def on_start(self) -> None:
        await super().on_start()
        # aiokafka would fetch too, and decode in its own way: its routine of fetches is ended, the rest goes on
        routine = private(self._consumer._fetcher, "_fetch_task")
        routine.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await routine
        self.fetcher = LogFetcher(self._consumer._client, self.consumer.unpacked_bytes, FETCH_WAIT_MS, ENOUGH_RECORDS)

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

    async def _seek_wait(self, consumer: Any, partitions: Any) -> None:
        self.seeks += 1
        await super()._seek_wait(consumer, partitions)

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: Any,
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> dict[TP, list[Stretch]]:
        """Read on from the positions that seeks and earlier reads left."""
        if not self.consumer.flow_active or consumer._subscription.subscription is None:
            return {}
        assignment, seeks = consumer._subscription.subscription.assignment, self.seeks
        positions = _positions(assignment, active_partitions)
        deadline = monotonic() + (timeout or 1.0)
        stretches: list[Stretch] = []
        with consumer._subscription.fetch_context():  # else aiokafka leaves the group of one that does not fetch
            while not stretches and positions and monotonic() < deadline:
                stretches = await self.fetcher.read(positions, deadline - monotonic())
                now = consumer._subscription.subscription.assignment
                if now is not assignment or self.seeks != seeks:
                    return {}  # a rebalance or a seek came meanwhile, and set other positions
        if stretches and self.lost != self.lost_before:
            return {STRETCHES: [stretch._replace(start=NOWHERE) for stretch in stretches]}
        for tp, _, end, _, _ in stretches:
            assignment.state_value(tp).consumed_to(end)
        return {STRETCHES: stretches}


def _positions(assignment: Any, partitions: Any) -> dict[aiokafka.TopicPartition, int]:
    known = [aiokafka.TopicPartition(*tp) for tp in partitions or () if assignment is not None and tp in assignment.tps]
    positions = {tp: assignment.state_value(tp)._position for tp in known}
    return {tp: offset for tp, offset in positions.items() if offset is not None}


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = BatchConsumer
