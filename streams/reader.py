"""Reading stretches of the log as batches, without a consumer group: for replay, verify and audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from time import monotonic, sleep
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Self

import confluent_kafka
from confluent_kafka import KafkaError, TopicPartition

from schemas.errors import LedgerError
from streams.batch import Batch, PlainRecord, Record
from streams.cluster import Cluster, LastError, connect, partition_counts, unseen

Partition = tuple[str, int]
"""A topic's plain name and the number of one of its partitions."""

_SETTINGS: dict[str, Any] = {
    "group.id": "ip-ledger.reader",  # asked for by the client; nothing is committed or joined
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "isolation.level": "read_committed",
    "auto.offset.reset": "error",
    "enable.partition.eof": True,
    "check.crcs": True,
    "fetch.queue.backoff.ms": 2,  # the default of 1000 stalls a fast reader
    "fetch.wait.max.ms": 10,  # nobody waits for news here; the end of a partition is seen this much later
    "fetch.max.bytes": 2**20,  # as it lies in the log; events unpack to ten times that and more
    "fetch.message.max.bytes": 2**18,  # of one partition; a larger record comes all the same
    "queued.max.messages.kbytes": 32 * 1024,
    "queued.min.messages": 50_000,
}
_LEADER_CHANGES = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
_RETRY = 0.05  # seconds between two questions for a leader
_LINGER = 0.02  # seconds that a consume may wait to fill up


class LogRangeMissing(LedgerError):
    """The log of {topic}, partition {partition}, does not hold the offsets from {start} up to {end}: it goes
    from {first} up to {last}. `ip-ledger topics check` names settings that trim a log; what is left can be
    read with `--from-earliest`."""


class Bounds(NamedTuple):
    """What a partition holds: from its first offset up to, but not with, `end` (the last stable offset)."""

    first: int
    end: int


@dataclass(slots=True)
class _Stretch:
    """What is still to be read of one partition: the offsets in [next, end)."""

    topic: str
    partition: int
    next: int
    end: int

    def take(self, messages: Iterable[Any]) -> Batch | None:
        """The batch that these messages of the partition make; the end of the log comes as a message too."""
        records: list[Record] = []
        reached = self.next
        for message in messages:
            if message.error() is None:
                offset = message.offset()
                records.append(PlainRecord(offset, message.timestamp()[1], message.key(), message.value()))
                reached = offset + 1
            else:
                reached = max(reached, message.offset())
        reached = min(reached, self.end)
        while records and records[-1].offset >= self.end:
            records.pop()
        start, self.next = self.next, reached
        return Batch(self.topic, self.partition, start, reached, records) if reached > start else None


class Reader:
    """Reads the log; one reading at a time. Sees what `read_committed` sees. Raises BrokerUnavailable."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._last_error = LastError()
        self._client = connect(cluster, confluent_kafka.Consumer, **_SETTINGS, error_cb=self._last_error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def bounds(self, topics: Iterable[str]) -> dict[Partition, Bounds]:
        """What each partition of these topics holds now. Raises BrokerUnavailable, TopicMissing."""
        counts = partition_counts(self._cluster, self._client, self._last_error)
        for topic in (topics := tuple(topics)):
            if topic not in counts:
                raise unseen(self._cluster, topic, "Describe")
        return {(topic, p): self._bounds(topic, p) for topic in topics for p in range(counts[topic])}

    def batches(
        self, ranges: Mapping[Partition, tuple[int, int]], size: int = 2000, idle: float | None = None
    ) -> Iterator[Batch]:
        """Batches of at most `size` records that cover exactly [start, end) of each partition, in order.

        Partitions are interleaved as they come. Offsets without a record lie inside a batch, the last ones
        too. Raises LogRangeMissing; BrokerUnavailable if nothing comes for `idle` seconds (by default the
        cluster's timeout).
        """
        self._require_held({place: span for place, span in ranges.items() if span[0] < span[1]})
        stretches = {
            (self._cluster.topic(topic), partition): _Stretch(topic, partition, start, end)
            for (topic, partition), (start, end) in ranges.items()
            if start < end
        }
        self._client.assign([TopicPartition(*place, stretch.next) for place, stretch in stretches.items()])
        while stretches:
            for place, run in groupby(self._consume(stretches.values(), size, idle), _place):
                stretch = stretches.get(place)
                batch = stretch.take(run) if stretch else None
                if batch:
                    if batch.end == stretches[place].end:
                        del stretches[place]
                        self._client.incremental_unassign([TopicPartition(*place)])
                    yield batch

    def record(self, topic: str, partition: int, offset: int) -> Record | None:
        """The record at an offset; None where the log holds none. Raises BrokerUnavailable, TopicMissing."""
        try:
            for batch in self.batches({(topic, partition): (offset, offset + 1)}, size=1):
                return batch.records[0] if batch.records else None
        except LogRangeMissing:
            return None
        return None

    def _consume(self, stretches: Iterable[_Stretch], size: int, idle: float | None) -> list[Any]:
        """The next messages, at least one: records and ends of partitions."""
        deadline = monotonic() + (self._cluster.timeout if idle is None else idle)
        while not (messages := self._client.consume(size, _LINGER)):
            if monotonic() > deadline:
                self._give_up(stretches, self._last_error.reason or "the log did not go on")
        for message in messages:
            error = message.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:
                self._give_up(stretches, error.str())
        return list(messages)

    def _give_up(self, stretches: Iterable[_Stretch], reason: str) -> NoReturn:
        self._require_held({(s.topic, s.partition): (s.next, s.end) for s in stretches})
        raise self._cluster.unavailable(reason)

    def _require_held(self, ranges: Mapping[Partition, tuple[int, int]]) -> None:
        held = self.bounds(dict.fromkeys(topic for topic, _ in ranges))
        for (topic, partition), (start, end) in ranges.items():
            first, last = held.get((topic, partition), Bounds(0, 0))
            if start < first or end > last:
                lost = (start, min(first, end)) if start < first else (max(start, last), end)
                raise LogRangeMissing(
                    topic=topic, partition=partition, start=lost[0], end=lost[1], first=first, last=last
                )

    def _bounds(self, topic: str, partition: int) -> Bounds:
        place = TopicPartition(self._cluster.topic(topic), partition)
        deadline = monotonic() + self._cluster.timeout
        while True:
            try:
                found = self._client.get_watermark_offsets(place, timeout=self._cluster.timeout)
                break
            except confluent_kafka.KafkaException as error:
                # a topic that was just made, or is moving: its leader is known a moment later
                if error.args[0].code() in _LEADER_CHANGES and monotonic() < deadline:
                    sleep(_RETRY)
                    continue
                raise self._cluster.unavailable(self._last_error.reason or error.args[0].str()) from error
        if found is None:
            raise self._cluster.unavailable(self._last_error.reason or "no answer in time")
        return Bounds(*found)


def _place(message: Any) -> tuple[str, int]:
    return message.topic(), message.partition()
