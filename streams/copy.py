"""Copy a log into one of another shape: every record that readers see, each on the partition of its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from typing import Any, NamedTuple

import confluent_kafka
from confluent_kafka.admin import AdminClient

from schemas.errors import Unavailable, UsageError
from schemas.topics import TOPICS, UNPACKED_BYTES, TopicPartition, partition_of
from streams import topics
from streams.batch import Record
from streams.cluster import Cluster, LastError, connect, partition_counts
from streams.reader import Bounds, Reader
from streams.shape import Shape

_SETTINGS: dict[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "compression.type": "zstd",
    "linger.ms": 20,
    "message.max.bytes": 1_000_000_000,  # of what is not compressed yet; the brokers judge what is
    "queue.buffering.max.kbytes": 256 * 1024,
}

Progress = Callable[[int, int], None]
"""Called with (offsets copied, offsets in all)."""
Placed = tuple[int, Record]
"""A record, and the partition where it lies."""


class CopyNotEmpty(UsageError):
    """The log with the prefix {prefix} holds records already, and what is copied behind them would be no copy. Nothing
    was written. Name a prefix that nobody has used; a copy that was cut off is begun again under another one."""


class NotCopied(Unavailable):
    """The brokers {brokers} did not take the record {place}: {reason}. What was copied before lies under the new prefix
    and is no copy of the log. Once the cause is gone, copy the log under another prefix."""


class Copied(NamedTuple):
    """What became of a topic: records that were copied; batches that nobody can read, which were not; and offsets that
    came while it was copied, or wait behind an open transaction."""

    topic: str
    partitions: int
    records: int
    unreadable: int
    left: int


def copy(
    source: Cluster,
    target: Cluster,
    partitions: int | None = None,
    unpacked_bytes: int = UNPACKED_BYTES,
    progress: Progress = lambda done, whole: None,
) -> list[Copied]:
    """Copy all records of the log `source` to `target`, the same cluster with another prefix, which is made if it is
    missing.

    Key, value, headers and timestamp stay as they are, except that a timestamp of 0 becomes 1 (librdkafka takes 0 for
    now), and that a header's name which is not UTF-8 is escaped. Partitions that the shape of the log does not know are
    read too. Records of a partition keep their order; of those of several the older goes first. Raises CopyNotEmpty,
    LogShapeDiffers, LogHasHoles, NotCopied, BrokerUnavailable, TopicMissing.
    """
    names = _topics_of(source)
    with Reader(source, unpacked_bytes) as reader:
        bounds = reader.bounds(names)
        shape = topics.create(target, partitions, unpacked_bytes).shape
        if any(bound.high for bound in _bounds(target).values()):
            raise CopyNotEmpty(prefix=target.prefix)
        copied, unreadable = Counter[str](), Counter[str]()
        whole, done = sum(bound.end - bound.first for bound in bounds.values()), 0
        with _Sender(target, shape) as sender:
            for name in names:
                for partition, record in _records(source, name, bounds, unpacked_bytes):
                    if record.fault is None:
                        sender.send(name, partition, record)
                        copied[name] += 1
                    else:
                        unreadable[name] += 1
                    done += 1
                    progress(done, whole)
        later = reader.bounds(names)
    return [
        Copied(name, shape.partitions[name], copied[name], unreadable[name], _left(name, bounds, later))
        for name in TOPICS
    ]


def _topics_of(cluster: Cluster) -> list[str]:
    """Those of our topics that are there: somebody may have made some only. Raises TopicMissing if none is."""
    last_error = LastError()
    found = partition_counts(cluster, connect(cluster, AdminClient, error_cb=last_error), last_error)
    if not found:
        raise cluster.missing(next(iter(TOPICS)))
    return [name for name in TOPICS if name in found]


def _bounds(cluster: Cluster) -> Mapping[TopicPartition, Bounds]:
    with Reader(cluster) as reader:
        return reader.bounds(TOPICS)


def _records(
    source: Cluster, name: str, bounds: Mapping[TopicPartition, Bounds], unpacked_bytes: int
) -> Iterator[Placed]:
    """The records of a topic, by partition in order, and across partitions by time."""
    with ExitStack() as stack:
        partitions = []
        for place, bound in bounds.items():
            if place[0] == name and bound.first < bound.end:
                reader = stack.enter_context(Reader(source, unpacked_bytes))
                partitions.append(_of_partition(reader, place, bound))
        yield from merge(*partitions, key=lambda placed: placed[1].timestamp)


def _of_partition(reader: Reader, place: TopicPartition, bound: Bounds) -> Iterator[Placed]:
    for batch in reader.batches({place: (bound.first, bound.end)}):
        for record in batch.records:
            yield place[1], record


def _left(name: str, before: Mapping[TopicPartition, Bounds], after: Mapping[TopicPartition, Bounds]) -> int:
    ends = {place: bound.end for place, bound in before.items()}
    return sum(bound.high - ends.get(place, 0) for place, bound in after.items() if place[0] == name)


class _Sender:
    """Sends records to the partitions of their keys. Leaving its `with` waits until the brokers have all of them."""

    def __init__(self, target: Cluster, shape: Shape) -> None:
        self._target, self._shape = target, shape
        self._last_error = LastError()
        self._refused: tuple[str, str] | None = None
        self._client = connect(target, confluent_kafka.Producer, **_SETTINGS, error_cb=self._last_error)

    def __enter__(self) -> _Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            while self._client.flush(0.2):  # in slices, as the call is deaf to Ctrl-C
                self._require_taken()
            self._require_taken()
        self._client.purge()

    def send(self, name: str, partition: int, record: Record) -> None:
        """Send a record that lies on this partition of the source. Raises NotCopied."""
        count = self._shape.partitions[name]
        there = partition % count if record.key is None else partition_of(record.key, count)
        place = f"{name}:{partition}={record.offset}"
        headers = [(key.decode("utf-8", "backslashreplace"), value) for key, value in record.headers]
        topic, timestamp = self._target.topic(name), record.timestamp or 1
        self._require_taken()
        while True:
            try:
                self._client.produce(
                    topic,
                    record.value,
                    record.key,
                    there,
                    headers=headers,
                    timestamp=timestamp,
                    on_delivery=lambda error, _: self._delivered(place, error),
                )
                break
            except BufferError:
                self._client.poll(0.1)
                self._require_taken()
            except confluent_kafka.KafkaException as error:
                self._delivered(place, error.args[0])
                self._require_taken()
        self._client.poll(0)

    def _delivered(self, place: str, error: Any) -> None:
        if error is not None and self._refused is None:
            self._refused = place, self._last_error.reason or error.str()

    def _require_taken(self) -> None:
        if self._refused is not None:
            place, reason = self._refused
            raise NotCopied(brokers=self._target.brokers, place=place, reason=reason)
