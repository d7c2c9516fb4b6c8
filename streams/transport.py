"""Batches through Faust: all that a fetch brought goes to the agent as ONE message, a batch for each partition.

Faust keeps group membership, rebalancing and the life cycle; its price per message is paid once a batch. Where to
read from is the sink's word: Kafka's committed offsets only follow. See docs/decisions/0001-batches-through-faust.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import aiokafka
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import TP, ConsumerMessage

from streams.batch import Batch
from streams.private_names import set_private

PIPELINE = 2
"""Deliveries on their way at a time: one that is posted, one that waits. It bounds memory, whatever the lag."""
ENOUGH = 2000
"""Records of a delivery. What is less is put together with what the fetch brought of other partitions: a commit costs
as much for three records as for a thousand."""
FETCH_WAIT_MS = 20
"""Faust fixes 1500, which shows as latency wherever a broker waits it out."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Batches on their way to the agent. Those of an earlier epoch were fetched before a seek: they are dropped."""

    batches: dict[TP, Batch]
    epoch: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one fetch walked over in one partition: all offsets of [start, end)."""

    tp: TP
    start: int
    end: int
    records: list[Any]


NOWHERE = -1
"""Where a fetch began and ended whose offsets are not known: it fits no cursor, so the partitions are sought anew."""


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
        if not self.flow_active:
            await self.perform_seek()
            return
        for fetches in _deliveries(fetched.values()):
            while self.under_way >= PIPELINE and self.flow_active:
                self.room.clear()
                await self.wait_first(self.room.wait(), self.suspend_flow.wait())
            if not self.flow_active:
                return  # a rebalance began: Faust seeks after it, and all of it is fetched again
            if any(fetch.start != self.cursor.get(fetch.tp) for fetch in fetches):
                await self.perform_seek()  # never bridge what was not walked over: it would count as a gap
                return
            self.cursor.update({fetch.tp: fetch.end for fetch in fetches})
            self.under_way += 1
            batches = {
                fetch.tp: Batch(self.plain(fetch.tp.topic), fetch.tp.partition, fetch.start, fetch.end, fetch.records)
                for fetch in fetches
            }
            yield fetches[0].tp, _message(Delivery(batches, self.epoch), self.app.consumer_generation_id)

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


def _deliveries(fetches: Iterable[Fetch]) -> Iterator[list[Fetch]]:
    """Fetches of several partitions, put together until it is enough."""
    gathered: list[Fetch] = []
    for fetch in fetches:
        gathered.append(fetch)
        if sum(len(one.records) for one in gathered) >= ENOUGH:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


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


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    seeks = 0
    lost = lost_before = 0
    """Connections that were lost, in all and before the log was last recognised. A broker that comes back may have
    lost the end of its log, and have a new one by now."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust sets it only for its own exactly_once; else the events of aborted transactions would count
        set_private(consumer, "_isolation_level", "read_committed")
        set_private(consumer, "_fetch_max_wait_ms", FETCH_WAIT_MS)
        closed = consumer._client._on_connection_closed

        def note_and_close(connection: Any, reason: Any) -> None:
            self.lost += 1
            closed(connection, reason)

        consumer._client._on_connection_closed = note_and_close
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
    ) -> dict[TP, Fetch]:
        # Faust drops a fetch without records, so a position that moved over transaction markers alone would never be
        # seen, and the lag would never return to 0. The positions around the fetch are known only in this thread.
        assignment, seeks = consumer._subscription.subscription.assignment, self.seeks
        starts = _positions(assignment, active_partitions)
        try:
            records = await super()._fetch_records(
                consumer, active_partitions, timeout=timeout, max_records=max_records
            )
        except KafkaError:
            # that nothing was committed for a partition, say, which was given to us while we waited for others
            if not self._has_moved(consumer, assignment, seeks):
                raise
            records = {}
        if self._has_moved(consumer, assignment, seeks):
            # nobody knows where this fetch went, or from what log it came, but it may have moved positions
            return {tp: Fetch(tp, NOWHERE, NOWHERE, []) for tp in map(TP._make, active_partitions or ())}
        ends = _positions(assignment, starts)
        return {
            tp: Fetch(tp, starts[tp], end, list(records.get(tp, ()))) for tp, end in ends.items() if end != starts[tp]
        }

    def _has_moved(self, consumer: Any, assignment: Any, seeks: int) -> bool:
        """Whether a rebalance, a seek or another connection came since."""
        now = consumer._subscription.subscription.assignment
        return now is not assignment or self.seeks != seeks or self.lost != self.lost_before


def _positions(assignment: Any, partitions: Any) -> dict[TP, int]:
    known = [TP._make(tp) for tp in partitions or () if assignment is not None and tp in assignment.tps]
    positions = {tp: assignment.state_value(tp)._position for tp in known}
    return {tp: offset for tp, offset in positions.items() if offset is not None}


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = BatchConsumer
