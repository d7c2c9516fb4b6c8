"""Fetch stretches of the log as raw bytes and decode them: the one way in which worker, replay and verify read.

Every offset of a stretch is accounted for: it has a record, or it held a transaction marker or an aborted record. An
offset that is missing for any other reason is a named error.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiokafka import errors
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.structs import TopicPartition
from aiokafka.util import create_task

from schemas.errors import PromiseBroken
from streams.batch import Header, Record
from streams.record_batch import OF_A_FAULT, OF_A_HEADER, Damaged, RecordBatch, Unpacked, batches

READ_COMMITTED = 1
ENOUGH_RECORDS = 2000
ENOUGH_BYTES = 4 << 20
"""A stretch ends at this many records, or this many bytes of keys, values and headers."""
OF_ALL, OF_ONE = 4 << 20, 1 << 18
"""Maximum bytes of one response, and of each partition in it, as stored in the log; one whole batch is always sent."""
TRIES = 3
"""Attempts to fetch a batch with a wrong checksum: the cause may be the network or the disk."""
BACKOFF_SECONDS = 0.1
LONGEST_BACKOFF_SECONDS = 2.0
_MOVING = (
    errors.NotLeaderForPartitionError,
    errors.LeaderNotAvailableError,
    errors.UnknownTopicOrPartitionError,
    errors.ReplicaNotAvailableError,
)


class LogHasHoles(PromiseBroken):
    """The log does not hold the offsets [{start}, {end}) of {topic}:{partition}, which held no transaction marker and
    no aborted record: the topic was compacted, or its log is damaged. Nothing was written. Find out who set
    cleanup.policy=compact (`ip-ledger topics check`) or restore the log. A book that has these records stays valid;
    `ip-ledger verify` reports it as incomplete."""


class LogDamaged(PromiseBroken):
    """The log of {topic}:{partition} cannot be read from offset {offset} on: {reason}. Nothing was written. Check the
    broker's disk; restore the log from a replica, then start again."""


class FetchedRange(NamedTuple):
    """Everything the log holds in [start, end) of a partition. size: bytes of its keys, values and headers, about."""

    tp: TopicPartition
    start: int
    end: int
    records: list[Record]
    size: int = 0


class Response(NamedTuple):
    """A broker's response for one partition. aborted: (producer, first offset) of aborted transactions."""

    tp: TopicPartition
    position: int
    error: int
    stable: int
    aborted: list[tuple[int, int]]
    data: bytes


class LogFetcher:
    """Reads partitions from given positions on. Fetched data that is not requested yet stays in raw bytes."""

    def __init__(self, client: AIOKafkaClient, bound: int, wait_ms: int, most: int = ENOUGH_RECORDS) -> None:
        """Read through a started client.

        bound: limit on the unpacked bytes of a record batch. wait_ms: how long a broker waits for records before it
        sends an empty response. most: records of a stretch.
        """
        self._client, self._bound, self._wait_ms, self._most = client, bound, wait_ms, most
        self._requests: dict[int, asyncio.Task[list[Response]]] = {}  # by node
        self._responses: deque[Response] = deque()
        self._open: tuple[TopicPartition, int, Iterator[FetchedRange]] | None = None  # the response being decoded
        self._turns: dict[TopicPartition, int] = {}
        self._turn = 0
        self._damaged: dict[tuple[TopicPartition, int], int] = {}
        self._backoff = BACKOFF_SECONDS
        self.stable: dict[TopicPartition, int] = {}
        """The last stable offset of each partition, from its last response."""

    async def read(self, positions: Mapping[TopicPartition, int], timeout: float) -> list[FetchedRange]:
        """Return the next stretches, each beginning at its partition's position; none if nothing arrives in `timeout`
        seconds.

        Raise LogHasHoles, LogDamaged; aiokafka's OffsetOutOfRangeError and TopicAuthorizationFailedError.
        """
        stretches = self._decoded(positions)
        if not stretches and positions:
            await self._fetch(positions, timeout)
            stretches = self._decoded(positions)
        return stretches

    async def close(self) -> None:
        """Cancel all requests."""
        for task in self._requests.values():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, errors.KafkaError):
                await task
        self._requests.clear()

    def _decoded(self, positions: Mapping[TopicPartition, int]) -> list[FetchedRange]:
        """Decode received responses until a stretch is full. One response at a time is unpacked."""
        moved: dict[TopicPartition, int] = {}
        stretches: list[FetchedRange] = []
        records = size = 0
        while records < self._most and size < ENOUGH_BYTES:
            if self._open is None:
                if not self._responses:
                    break
                response = self._responses.popleft()
                self._open = response.tp, response.position, self._stretches(response)
            tp, position, following = self._open
            wanted = moved.get(tp, positions.get(tp)) == position
            stretch = next(following, None) if wanted else None
            if stretch is None:
                self._open = None
                continue
            self._open = tp, stretch.end, following
            moved[tp] = stretch.end
            stretches.append(stretch)
            records += len(stretch.records)
            size += stretch.size
        return stretches

    def _stretches(self, response: Response) -> Iterator[FetchedRange]:
        try:
            yield from stretches(response, self._bound, self._most)
        except Damaged as error:
            tries = self._damaged[response.tp, response.position] = (
                self._damaged.get((response.tp, response.position), 0) + 1
            )
            if tries >= TRIES:
                facts = {"topic": response.tp.topic, "partition": response.tp.partition, "offset": response.position}
                raise LogDamaged(**facts, reason=error) from error

    async def _fetch(self, positions: Mapping[TopicPartition, int], timeout: float) -> None:
        """Send a request to each broker without one, and take the first responses."""
        for node, requested in self._by_node(positions).items():
            if node not in self._requests:
                self._requests[node] = task = create_task(self._ask(node, requested))
                task.add_done_callback(_noticed)
        if not self._requests:  # the leader is unknown
            self._client.force_metadata_update()
            await self._pause(timeout)
            return
        done, _ = await asyncio.wait(self._requests.values(), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for node in [node for node, task in self._requests.items() if task in done]:
            task = self._requests.pop(node)
            try:
                responses = task.result()
            except errors.KafkaError:  # the connection broke, or no response came
                self._client.force_metadata_update()
                await self._pause(timeout)
            else:
                self._backoff = BACKOFF_SECONDS
                await self._take(node, responses, positions)

    async def _pause(self, timeout: float) -> None:
        await asyncio.sleep(min(self._backoff, timeout))
        self._backoff = min(2 * self._backoff, LONGEST_BACKOFF_SECONDS)

    async def _take(self, node: int, responses: list[Response], positions: Mapping[TopicPartition, int]) -> None:
        current = [response for response in responses if positions.get(response.tp) == response.position]
        self._turn += 1
        for response in current:
            self.stable[response.tp] = response.stable
            if response.error:
                await self._refused(response)
            elif response.data:
                self._turns[response.tp] = self._turn
                self._responses.append(response)
        if not any(response.data for response in responses):
            for response in current:
                if not response.error and response.stable > response.position:
                    await self._require_records(node, response)

    async def _refused(self, response: Response) -> None:
        error = errors.for_code(response.error)
        if error is errors.OffsetOutOfRangeError:
            raise errors.OffsetOutOfRangeError({response.tp: response.position})
        if error is errors.TopicAuthorizationFailedError:
            raise errors.TopicAuthorizationFailedError(response.tp.topic)
        if error is errors.CorruptRecordException:
            facts = {"topic": response.tp.topic, "partition": response.tp.partition, "offset": response.position}
            raise LogDamaged(**facts, reason="the broker says that it is corrupt")
        if issubclass(error, _MOVING) or error.retriable:
            self._client.force_metadata_update()
        await asyncio.sleep(BACKOFF_SECONDS)

    async def _require_records(self, node: int, response: Response) -> None:
        """Raise LogHasHoles if a broker returns nothing for this partition alone, yet reports a later end of its log: a
        response for several partitions may be full before this one."""
        try:
            (again,) = await self._ask(node, {response.tp: response.position})
        except errors.KafkaError:
            return
        if not again.error and not again.data and again.stable > again.position:
            raise _holes(again.tp, again.position, again.stable)

    def _by_node(self, positions: Mapping[TopicPartition, int]) -> dict[int, dict[TopicPartition, int]]:
        """Return the request for each broker; partitions that delivered data last come last."""
        requested: dict[int, dict[TopicPartition, int]] = {}
        for tp in sorted(positions, key=lambda tp: self._turns.get(tp, 0)):
            node = self._client.cluster.leader_for_partition(tp)
            if node is None or node == -1:
                self._client.force_metadata_update()
            else:
                requested.setdefault(node, {})[tp] = positions[tp]
        return requested

    async def _ask(self, node: int, positions: Mapping[TopicPartition, int]) -> list[Response]:
        topics: dict[str, list[tuple[int, int, int]]] = {}
        for tp, position in positions.items():
            topics.setdefault(tp.topic, []).append((tp.partition, position, OF_ONE))
        request = FetchRequest(self._wait_ms, 1, OF_ALL, READ_COMMITTED, list(topics.items()))
        response: Any = await self._client.send(node, request)
        aborted = 2 if response.API_VERSION >= 5 else 1  # after the last stable offset and, since 5, the log's start
        return [
            Response(
                tp := TopicPartition(topic, partition),
                positions[tp],
                error,
                rest[0],
                rest[aborted] or [],
                rest[-1] or b"",
            )
            for topic, partitions in response.topics
            for partition, error, _, *rest in partitions
        ]


def stretches(response: Response, bound: int, most: int) -> Iterator[FetchedRange]:
    """Yield a response's records from its position on, up to the first that cannot be read. Raise LogHasHoles or
    Damaged if that is at the position."""
    start, gathered, size = response.position, list[Record](), 0
    end = start
    headers: tuple[Header, ...] = ()  # the headers of the previous record, which the next one mostly repeats
    of_headers = 0
    try:
        for batch_end, (records, of_batch) in _batches(response, bound):
            end = batch_end
            if len(gathered) + len(records) < most and size + of_batch < ENOUGH_BYTES:
                gathered += records
                size += of_batch
                continue
            for record in records:
                gathered.append(record)
                if record.headers is not headers:
                    headers = record.headers
                    of_headers = sum(OF_A_HEADER + len(key) + len(value or b"") for key, value in headers)
                size += len(record.value or b"") + len(record.key or b"") + of_headers
                if record.fault:
                    size += OF_A_FAULT
                if len(gathered) >= most or size >= ENOUGH_BYTES:
                    yield FetchedRange(response.tp, start, start := record.offset + record.offsets, gathered, size)
                    gathered, size = [], 0
    except (LogHasHoles, Damaged):
        if end == response.position:
            raise
    if end > start:
        yield FetchedRange(response.tp, start, end, gathered, size)


def _batches(response: Response, bound: int) -> Iterator[tuple[int, Unpacked]]:
    """Yield for each batch its end, and its records from the position on; none for a transaction marker or an aborted
    batch. Raise LogHasHoles, Damaged."""
    tp, position = response.tp, response.position
    aborted = deque(sorted(response.aborted, key=lambda transaction: transaction[1]))
    aborting: set[int] = set()
    for batch in batches(response.data):
        if batch.end <= position:
            continue
        if batch.base > position:
            raise _holes(tp, position, batch.base)
        while aborted and aborted[0][1] <= batch.base:
            aborting.add(aborted.popleft()[0])
        kept = Unpacked([], 0)
        if batch.control:
            if batch.aborts:
                aborting.discard(batch.producer)
        elif not (batch.transactional and batch.producer in aborting):
            kept = _whole(tp, position, batch, bound)
        position = batch.end
        yield position, kept


def _whole(tp: TopicPartition, position: int, batch: RecordBatch, bound: int) -> Unpacked:
    """Return the records of a batch from a position on. Raise LogHasHoles if one is missing."""
    records, size = unpacked = batch.read(bound)
    if batch.base >= position and len(records) == batch.end - batch.base:  # none is missing, as no offset occurs twice
        return unpacked
    if records and records[0].fault and batch.base < position:  # the log was trimmed within it
        return Unpacked([records[0]._replace(offset=position, offsets=batch.end - position)], size)
    if batch.base < position:
        records = [record for record in records if record.offset >= position]
    expected = max(batch.base, position)
    for record in records:
        if record.offset > expected:
            raise _holes(tp, expected, record.offset)
        expected = record.offset + record.offsets
    if expected < batch.end:
        raise _holes(tp, expected, batch.end)
    return Unpacked(records, size)


def _noticed(task: asyncio.Task[list[Response]]) -> None:
    """Retrieve the exception of a task that nobody awaits any more, when the process ends."""
    if not task.cancelled():
        task.exception()


def _holes(tp: TopicPartition, start: int, end: int) -> LogHasHoles:
    return LogHasHoles(topic=tp.topic, partition=tp.partition, start=start, end=end)
