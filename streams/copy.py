"""Copy a log into one of another shape: every visible record, each to the partition of its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from typing import Any, NamedTuple, Self

import confluent_kafka
from confluent_kafka.admin import AdminClient

from schemas.errors import Unavailable, UsageError
from schemas.topics import TOPICS, UNPACKED_BYTES, TopicPartition, partition_of
from streams import topics
from streams.batch import Record
from streams.cluster import Cluster, LastError, connect, partition_counts
from streams.reader import Bounds, Reader

_SETTINGS: dict[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "compression.type": "zstd",
    "linger.ms": 20,
    "message.max.bytes": 1_000_000_000,  # of uncompressed data; the brokers check the compressed size
    "queue.buffering.max.kbytes": 256 * 1024,
}

_Progress = Callable[[int, int], None]
"""Called with (offsets copied, total offsets)."""
PartitionRecord = tuple[int, Record]
"""A record, and its partition."""


class CopyNotEmpty(UsageError):
    """The log with the prefix {prefix} already holds records, so it would not be a copy. Nothing was written. Choose an
    unused prefix. To repeat an interrupted copy, choose another prefix too."""


class NotCopied(Unavailable):
    """The brokers {brokers} did not accept the record {place}: {reason}. The new prefix holds an incomplete copy. Fix
    the cause, then copy the log under another prefix."""


class Copied(NamedTuple):
    """The result for one topic: records copied; unreadable batches, which were not; and offsets that arrived during the
    copy, or wait behind an open transaction."""

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
    progress: _Progress = lambda done, whole: None,
) -> list[Copied]:
    """Copy all records of the log `source` to `target`, the same cluster with another prefix, which is created if
    missing.

    Key, value, headers and timestamp are kept, except that a timestamp of 0 becomes 1 (librdkafka replaces 0 with the
    current time), and a header name that is not UTF-8 is escaped. Partitions outside the log's shape are copied too.
    Records of a partition keep their order; across partitions the older goes first. Raise CopyNotEmpty,
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
        with Sender(target) as sender:
            for name in names:
                count = shape.partitions[name]
                for partition, record in _records(source, name, bounds, unpacked_bytes):
                    if record.fault is None:
                        there = partition % count if record.key is None else partition_of(record.key, count)
                        sender.send(name, there, record, f"{name}:{partition}={record.offset}")
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
    """Return our topics that exist; some may be missing. Raise TopicMissing if all are."""
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
) -> Iterator[PartitionRecord]:
    """Yield the records of a topic, in order within a partition, and by time across partitions."""
    with ExitStack() as stack:
        partitions = []
        for topic_partition, bound in bounds.items():
            if topic_partition[0] == name and bound.first < bound.end:
                reader = stack.enter_context(Reader(source, unpacked_bytes))
                partitions.append(_of_partition(reader, topic_partition, bound))
        yield from merge(*partitions, key=lambda one: one[1].timestamp)


def _of_partition(reader: Reader, topic_partition: TopicPartition, bound: Bounds) -> Iterator[PartitionRecord]:
    for batch in reader.batches({topic_partition: (bound.first, bound.end)}):
        for record in batch.records:
            yield topic_partition[1], record


def _left(name: str, before: Mapping[TopicPartition, Bounds], after: Mapping[TopicPartition, Bounds]) -> int:
    ends = {topic_partition: bound.end for topic_partition, bound in before.items()}
    return sum(
        bound.high - ends.get(topic_partition, 0)
        for topic_partition, bound in after.items()
        if topic_partition[0] == name
    )


class Sender:
    """Sends records. Leaving its `with` waits until the brokers have all of them."""

    def __init__(self, target: Cluster) -> None:
        self._target = target
        self._last_error = LastError()
        self._refused: tuple[str, str] | None = None
        self._client = connect(target, confluent_kafka.Producer, **_SETTINGS, error_cb=self._last_error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            while self._client.flush(0.2):  # in slices: Ctrl-C cannot interrupt the call
                self._require_taken()
            self._require_taken()
        self._client.purge()

    def send(self, name: str, there: int, record: Record, place: str) -> None:
        """Send a record to a partition; `place` is where it comes from. Raise NotCopied."""
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
