"""Read stretches of the log as batches, without a consumer group: for replay, verify and audit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Self, TypeVar

from aiokafka import errors, structs
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.offset import OffsetRequest

from schemas.errors import PromiseBroken, UsageError
from schemas.topics import UNPACKED_BYTES, TopicPartition
from streams.batch import Batch, Record
from streams.cluster import Cluster, partition_count
from streams.fetch import ENOUGH_RECORDS, READ_COMMITTED, FetchedRange, LogFetcher

WAIT_MS = 10
"""The time that a broker waits for new records: the reader needs only existing ones."""
POLL_SECONDS = 0.5
_RETRY_SECONDS = 0.05
"""The pause between two requests for a leader."""
_EARLIEST, _LATEST = -2, -1
_READ_UNCOMMITTED = 0
_T = TypeVar("_T")

Progress = Callable[[int, int], None]
"""Called with (offsets done, offsets in total)."""


class LogRangeMissing(PromiseBroken):
    """The log of {topic}, partition {partition}, does not hold the offsets from {start} up to {end}: it holds {first}
    up to {last}. `ip-ledger topics check` names settings that trim a log; read the remaining records with
    `--from-earliest`."""


class PositionInsideBatch(UsageError):
    """{topic}:{partition}={end} is inside an unreadable batch, [{start}, {next}): all its offsets have one outcome.
    Choose {start} or {next}."""


class Bounds(NamedTuple):
    """The offsets that a partition holds: from the first up to but not including `end` (the last stable offset). The
    `waiting` offsets from there on are behind the start of an open transaction."""

    first: int
    end: int
    waiting: int = 0

    @property
    def high(self) -> int:
        """The high watermark: the end of the log."""
        return self.end + self.waiting


@dataclass(slots=True)
class _Rest:
    """The remaining offsets of one partition: [next, end)."""

    topic: str
    partition: int
    next: int
    end: int

    def take(self, stretch: FetchedRange) -> Batch:
        """Return a stretch as a batch, up to the end. Raise PositionInsideBatch."""
        records, end = stretch.records, min(stretch.end, self.end)
        while records and records[-1].offset >= end:
            records.pop()
        if records and records[-1].offset + records[-1].offsets > end:
            start, offsets = records[-1].offset, records[-1].offsets
            facts = {"topic": self.topic, "partition": self.partition, "start": start, "end": end}
            raise PositionInsideBatch(**facts, next=start + offsets)
        start, self.next = self.next, end
        return Batch(self.topic, self.partition, start, end, records)


class Reader:
    """Reads the log, one reading at a time, with `read_committed`. Raise BrokerUnavailable.

    `unpacked_bytes` limits the unpacked bytes of a record batch: a constant of the log.
    """

    def __init__(self, cluster: Cluster, unpacked_bytes: int = UNPACKED_BYTES) -> None:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # its errors are raised as exceptions too
        self._cluster, self._unpacked_bytes = cluster, unpacked_bytes
        self._loop = asyncio.new_event_loop()
        self._client: AIOKafkaClient | None = None
        self._asked: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._disconnected())
        self._loop.close()

    async def _disconnected(self) -> None:
        if self._client is not None:
            await self._client.close()
        # aiokafka waits for no connection of its bootstrap, and TLS ends only when the broker answers
        for transport in list(vars(self._loop)["_transports"].values()):
            transport.abort()
        await asyncio.sleep(0)  # closes the sockets of aborted transports

    def bounds(self, topics: Iterable[str]) -> dict[TopicPartition, Bounds]:
        """Return the bounds of each partition of these topics now.

        Raise BrokerUnavailable, TopicMissing, NotAuthorized.
        """
        return self._run(self._bounds(tuple(topics)))

    def batches(
        self, ranges: Mapping[TopicPartition, tuple[int, int]], size: int = ENOUGH_RECORDS, idle: float | None = None
    ) -> Iterator[Batch]:
        """Yield batches of at most `size` records that cover exactly [start, end) of each partition, in order.

        Partitions are interleaved as they arrive. Offsets without a record are inside a batch, the last ones too. Raise
        LogRangeMissing, LogHasHoles, LogDamaged, PositionInsideBatch, NotAuthorized; BrokerUnavailable if nothing
        arrives for `idle` seconds (default: the cluster's timeout).
        """
        self._require_held({topic_partition: span for topic_partition, span in ranges.items() if span[0] < span[1]})
        rests = {
            structs.TopicPartition(self._cluster.topic(topic), partition): _Rest(topic, partition, start, end)
            for (topic, partition), (start, end) in ranges.items()
            if start < end
        }
        fetcher = self._run(self._new_fetcher(size))
        try:
            while rests:
                for stretch in self._next(fetcher, rests, idle):
                    yield rests[stretch.tp].take(stretch)
                    if rests[stretch.tp].next == rests[stretch.tp].end:
                        del rests[stretch.tp]
        finally:
            self._loop.run_until_complete(fetcher.close())

    def record(self, topic: str, partition: int, offset: int) -> Record | None:
        """Return the record at an offset, or the unreadable batch there; None if the log holds none. Raise
        BrokerUnavailable, TopicMissing."""
        (found,) = self.records([(topic, partition, offset)])
        return found

    def records(self, places: Iterable[tuple[str, int, int]]) -> Iterator[Record | None]:
        """Yield the same for each (topic, partition, offset), in this order."""
        asked = list(places)
        bounds = self.bounds(dict.fromkeys(topic for topic, _, _ in asked))
        fetcher = self._run(self._new_fetcher(1))
        try:
            for topic, partition, offset in asked:
                first, end, _ = bounds.get((topic, partition), Bounds(0, 0))
                if not first <= offset < end:
                    yield None
                    continue
                topic_partition = structs.TopicPartition(self._cluster.topic(topic), partition)
                (stretch, *_) = self._next(
                    fetcher, {topic_partition: _Rest(topic, partition, offset, offset + 1)}, None
                )
                yield next((record for record in stretch.records if record.offset == offset), None)
        finally:
            self._loop.run_until_complete(fetcher.close())

    def first(self, topic: str, partition: int, start: int, end: int) -> Record | None:
        """Return the first record or unreadable batch in [start, end); None if all offsets held transaction markers and
        aborted records. Raise like `batches`."""
        batches = self.batches({(topic, partition): (start, end)}, size=1)
        return next((record for batch in batches for record in batch.records), None)

    async def _new_fetcher(self, most: int) -> LogFetcher:
        return LogFetcher(await self._connected(), self._unpacked_bytes, WAIT_MS, most)

    def _next(
        self, fetcher: LogFetcher, rests: Mapping[structs.TopicPartition, _Rest], idle: float | None
    ) -> list[FetchedRange]:
        """Return the next stretches, at least one."""
        deadline = monotonic() + (self._cluster.timeout if idle is None else idle)
        while True:
            positions = {tp: rest.next for tp, rest in rests.items()}
            try:
                stretches = self._run(fetcher.read(positions, POLL_SECONDS))
            except errors.OffsetOutOfRangeError:
                self._give_up(rests.values(), "the log does not hold the requested offsets")
            if stretches:
                return stretches
            if monotonic() > deadline:
                self._give_up(rests.values(), "no records arrived")

    def _give_up(self, rests: Iterable[_Rest], reason: str) -> NoReturn:
        self._require_held({(rest.topic, rest.partition): (rest.next, rest.end) for rest in rests})
        raise self._cluster.unavailable(reason)

    def _require_held(self, ranges: Mapping[TopicPartition, tuple[int, int]]) -> None:
        held = self.bounds(dict.fromkeys(topic for topic, _ in ranges))
        for (topic, partition), (start, end) in ranges.items():
            first, last, _ = held.get((topic, partition), Bounds(0, 0))
            if start < first or end > last:
                lost = (start, min(first, end)) if start < first else (max(start, last), end)
                raise LogRangeMissing(
                    topic=topic, partition=partition, start=lost[0], end=lost[1], first=first, last=last
                )

    async def _bounds(self, topics: tuple[str, ...]) -> dict[TopicPartition, Bounds]:
        if not topics:
            return {}
        client = await self._connected()
        self._asked.update(map(self._cluster.topic, topics))
        await self._update(client)
        topic_partitions: list[structs.TopicPartition] = []
        for topic in topics:
            numbers = await self._numbers(client, topic)
            topic_partitions += [structs.TopicPartition(self._cluster.topic(topic), number) for number in numbers]
        # in this order: while the log grows, nothing must seem to wait or to end before its beginning
        first = await self._offsets(client, topic_partitions, _EARLIEST, READ_COMMITTED)
        high = await self._offsets(client, topic_partitions, _LATEST, _READ_UNCOMMITTED)
        end = await self._offsets(client, topic_partitions, _LATEST, READ_COMMITTED)
        plain = {self._cluster.topic(topic): topic for topic in topics}
        return {
            (plain[topic_partition.topic], topic_partition.partition): Bounds(
                first[topic_partition], end[topic_partition], max(0, high[topic_partition] - end[topic_partition])
            )
            for topic_partition in topic_partitions
        }

    async def _numbers(self, client: AIOKafkaClient, topic: str) -> list[int]:
        deadline = monotonic() + self._cluster.timeout
        while (numbers := client.cluster.partitions_for_topic(self._cluster.topic(topic))) is None:
            partition_count(self._cluster, topic, "Read")
            if monotonic() > deadline:
                raise self._cluster.unavailable(f"they did not list the topic {self._cluster.topic(topic)} in time")
            await self._update(client)
            await asyncio.sleep(_RETRY_SECONDS)
        return sorted(numbers)

    async def _update(self, client: AIOKafkaClient) -> None:
        """Update the client's metadata of the topics that were asked for. By itself it asks for all topics of the
        cluster; if it has names it has brokers create those that are missing."""
        request = MetadataRequest(sorted(self._asked), allow_auto_topic_creation=False)
        for broker in client.cluster.brokers():
            with suppress(errors.KafkaError):
                answer: Any = await client.send(broker.nodeId, request)
                if answer.brokers:
                    client.cluster.update_metadata(answer)
                    return
        await client.force_metadata_update()

    async def _offsets(
        self, client: AIOKafkaClient, topic_partitions: list[structs.TopicPartition], which: int, isolation: int
    ) -> dict[structs.TopicPartition, int]:
        deadline = monotonic() + self._cluster.timeout
        found: dict[structs.TopicPartition, int] = {}
        while True:
            by_node: dict[int | None, dict[str, list[tuple[int, int]]]] = {}
            for topic_partition in topic_partitions:
                if topic_partition not in found:
                    node = client.cluster.leader_for_partition(topic_partition)
                    by_node.setdefault(node, {}).setdefault(topic_partition.topic, []).append(
                        (topic_partition.partition, which)
                    )
            for node, asked in by_node.items():
                if node is not None and node >= 0:
                    found |= await self._offsets_of(client, node, OffsetRequest(-1, isolation, list(asked.items())))
            if len(found) == len(topic_partitions):
                return found
            # a new topic, or one that is moving: its leader is known a moment later
            if monotonic() > deadline:
                raise self._cluster.unavailable("a partition has no leader")
            await self._update(client)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _offsets_of(
        self, client: AIOKafkaClient, node: int, request: OffsetRequest
    ) -> dict[structs.TopicPartition, int]:
        response: Any = await client.send(node, request)
        found = {}
        for topic, partitions in response.topics:
            for partition, error, _, offset, *_ in partitions:
                if error == errors.TopicAuthorizationFailedError.errno:
                    raise errors.TopicAuthorizationFailedError(topic)
                if not error:
                    found[structs.TopicPartition(topic, partition)] = offset
        return found

    async def _connected(self) -> AIOKafkaClient:
        if self._client is None:
            limit = int(self._cluster.timeout * 1000)
            client = AIOKafkaClient(**self._cluster.aiokafka(request_timeout_ms=limit))
            try:
                await client.bootstrap()
            except ValueError as error:  # an invalid address
                raise self._cluster.unavailable(error) from error
            except BaseException:
                await client.close()
                raise
            self._client = client
        return self._client

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            return self._loop.run_until_complete(work)
        except errors.OffsetOutOfRangeError:
            raise
        except errors.TopicAuthorizationFailedError as error:
            raise self._cluster.denied("Read", "topic", str(error.args[0])) from error
        except errors.KafkaError as error:
            raise self._cluster.unavailable(error) from error
