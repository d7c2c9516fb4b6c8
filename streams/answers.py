"""Answers to the records of a topic: each transaction holds answers and the offset up to which a partition is answered.

So an answer is in the log if and only if its request is behind the stored offset, whatever is killed when
(docs/decisions/0021-answers-exactly-once.md). The offsets are those of a group without members: the group whose members
share the partitions commits offsets too, in its own time, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import confluent_kafka
from confluent_kafka import KafkaException

from schemas.topics import TopicPartition, partition_of
from streams.cluster import GROUP_DENIED, TOPIC_DENIED, Cluster, LastError, connect
from streams.producer import ExtraHeaders

TRANSACTION_DENIED = 53
"""Error code of the Kafka protocol: no right to the transactional id."""
_FENCED = (-144, 47, 90)
"""These errors as librdkafka and the brokers report them: _FENCED, INVALID_PRODUCER_EPOCH, PRODUCER_FENCED."""
_SETTINGS: dict[str, Any] = {
    "acks": "all",
    "compression.type": "zstd",
    "linger.ms": 0,
    "message.max.bytes": 4 * 2**20,
    "transaction.timeout.ms": 15_000,
}
_HEADERS = [("content-type", b"application/cloudevents+json")]


class Taken(Exception):
    """Another process answers this partition now; nothing was written."""


class Keyed(NamedTuple):
    """A record to write: its key and its value."""

    key: bytes
    value: bytes


class AnswerLog:
    """The answers of a group of processes to one topic, which are written to the same topic.

    A process that begins a partition takes it from the one that had it: its transactional id is the partition's.
    Raise BrokerUnavailable, NotAuthorized; after an error the next call connects again.
    """

    def __init__(self, cluster: Cluster, group: str, topic: str, partitions: int) -> None:
        self.cluster, self.topic, self._name = cluster, topic, cluster.topic(topic)
        self.group, self._partitions, self._last_error = f"{group}.answered", partitions, LastError()
        self._limits = {"error_cb": self._last_error, "socket.timeout.ms": int(cluster.timeout * 1000)}
        self._producers: dict[int, Any] = {}
        settings = {"group.id": self.group, "enable.auto.commit": False, "isolation.level": "read_committed"}
        self._consumer = connect(cluster, confluent_kafka.Consumer, **self._limits, **settings)

    def close(self) -> None:
        """Close all connections; an open transaction is aborted by the brokers."""
        for partition in [*self._producers]:
            self._drop(partition)
        self._consumer.close()

    def next_offset(self, partition: int) -> int:
        """Return the offset up to which a partition is answered; its first offset if nothing is."""
        topic_partition = confluent_kafka.TopicPartition(self._name, partition)
        (found,) = self._ask(lambda: self._consumer.committed([topic_partition], self.cluster.timeout))
        if found.error is not None:
            raise self._named(found.error)
        return int(found.offset) if found.offset >= 0 else self.bounds(self.topic, partition)[0]

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the first offset of a partition (topic without prefix) and its last stable offset."""
        topic_partition = confluent_kafka.TopicPartition(self.cluster.topic(topic), partition)
        low, high = self._ask(lambda: self._consumer.get_watermark_offsets(topic_partition, self.cluster.timeout))
        return int(low), int(high)

    def before(self, topic_partitions: Collection[TopicPartition], timestamp: int) -> dict[TopicPartition, int | None]:
        """Return, for each partition, the offset of its first record at this time or later (milliseconds since 1970
        UTC); None if there is none."""
        asked = [confluent_kafka.TopicPartition(self.cluster.topic(t), p, timestamp) for t, p in topic_partitions]
        found = self._ask(lambda: self._consumer.offsets_for_times(asked, self.cluster.timeout))
        for one in found:
            if one.error is not None:
                raise self._named(one.error)
        plain = {(self.cluster.plain(one.topic) or "", one.partition): one.offset for one in found}
        return {topic_partition: offset if offset >= 0 else None for topic_partition, offset in plain.items()}

    def require_right(self) -> None:
        """Raise NotAuthorized if the brokers deny transactions: at the start, as the first request may be far away."""
        self._transactional("start").close()

    def take(self, partition: int) -> None:
        """Make this process the one that answers a partition; a process that did has no effect from now on."""
        if partition not in self._producers:
            self._producers[partition] = self._transactional(str(partition))

    def _transactional(self, name: str) -> Any:
        """Return a producer of transactions under this name."""
        settings = {"transactional.id": f"{self.group}.{name}", **self._limits, **_SETTINGS}
        producer = connect(self.cluster, confluent_kafka.Producer, **settings)
        try:
            producer.init_transactions(self.cluster.timeout)
        except KafkaException as error:
            raise self._named(error.args[0]) from error
        return producer

    def commit(self, partition: int, end: int, answers: Sequence[Keyed], headers: ExtraHeaders = ()) -> None:
        """Write answers, with these headers besides their own, and the offset up to which the partition is answered,
        both or neither. Raise Taken."""
        producer = self._producers[partition]
        topic_partition = confluent_kafka.TopicPartition(self._name, partition, end)
        try:
            producer.begin_transaction()
            failed = self._produce(producer, answers, [*_HEADERS, *headers])
            if failed:
                raise KafkaException(failed[0])
            metadata = self._consumer.consumer_group_metadata()
            producer.send_offsets_to_transaction([topic_partition], metadata, self.cluster.timeout)
            producer.commit_transaction(self.cluster.timeout)
        except KafkaException as error:
            self._drop(partition)
            if error.args[0].code() in _FENCED:
                raise Taken from error
            raise self._named(error.args[0]) from error
        except BaseException:
            self._drop(partition)
            raise

    def _produce(self, producer: Any, answers: Iterable[Keyed], headers: ExtraHeaders) -> list[Any]:
        """Send answers and wait for their receipts; return the errors."""
        failed: list[Any] = []

        def delivered(error: Any, _: Any) -> None:
            if error is not None:
                failed.append(error)

        for key, value in answers:
            to = partition_of(key, self._partitions)
            while True:
                try:
                    producer.produce(self._name, value, key, to, headers=headers, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
        if producer.flush(self.cluster.timeout):
            raise self.cluster.unavailable(self._last_error.reason or "no response in time")
        return failed

    def _drop(self, partition: int) -> None:
        producer = self._producers.pop(partition)
        with suppress(KafkaException):
            producer.purge()
            producer.close()

    def _ask(self, ask: Any) -> Any:
        try:
            return ask()
        except KafkaException as error:
            message = self._consumer.poll(0)  # has the reason, of a consumer without partitions
            raise self._named(message.error() if message else error.args[0]) from error

    def _named(self, error: Any) -> Exception:
        if error.code() == GROUP_DENIED:
            return self.cluster.denied("Read", "group", self.group)
        if error.code() == TOPIC_DENIED:
            return self.cluster.denied("Write", "topic", self._name)
        if error.code() == TRANSACTION_DENIED:
            return self.cluster.denied("Write", "transactional-id", f"{self.group}.*")
        return self.cluster.unavailable(self._last_error.reason or error.str() or error.name())
