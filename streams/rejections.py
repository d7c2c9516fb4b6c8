"""The topic `ip.rejection.v1`: send records to it, and store the progress as the committed offsets of a group.

That group has no members and decides nothing: if it loses its offsets, records are sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import confluent_kafka
from confluent_kafka import KafkaException

from schemas.errors import LedgerError
from schemas.topics import REJECTION_TOPIC, TopicPartition
from streams.cluster import CLUSTER_DENIED, GROUP_DENIED, TOPIC_DENIED, UNKNOWN_TOPIC, Cluster, LastError, connect
from streams.log_identity import Identities

KeyValueHeaders = tuple[bytes | None, bytes, list[tuple[str, bytes]]]
_SETTINGS: dict[str, Any] = {
    "enable.idempotence": True,  # keeps the order
    "acks": "all",
    "compression.type": "zstd",
    "linger.ms": 5,
    "message.max.bytes": 4 * 2**20,
    "partitioner": "murmur2_random",  # if the topic was given more partitions
}
_TOPIC_GONE = (UNKNOWN_TOPIC, -188, -190)
"""These errors as the brokers report them, and as librdkafka does: _UNKNOWN_TOPIC, _UNKNOWN_PARTITION."""


class RejectionTopic:
    """The topic of one cluster, for the book whose workers form this consumer group.

    Raise TopicMissing and NotAuthorized before sending, BrokerUnavailable at any time. After an error the object is
    unusable.
    """

    def __init__(self, cluster: Cluster, group: str) -> None:
        self.cluster, self.group = cluster, f"{group}.rejections"
        self._topic, self._last_error = cluster.topic(REJECTION_TOPIC), LastError()
        limit = int(cluster.timeout * 1000)
        # a worker keeps its connections while the brokers are unreachable: it reconnects at most once a second
        common = {"error_cb": self._last_error, "socket.timeout.ms": limit, "reconnect.backoff.ms": 1000}
        self._require_topic()
        # not an AdminClient: librdkafka may abort the process if a connection breaks while that describes a group
        self._offsets = connect(
            cluster, confluent_kafka.Consumer, **common, **{"group.id": self.group, "enable.auto.commit": False}
        )
        self._producer = connect(
            cluster, confluent_kafka.Producer, **common, **_SETTINGS, **{"message.timeout.ms": limit}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._producer.purge()
        self._producer.close()
        self._offsets.close()

    def send(self, records: Iterable[KeyValueHeaders]) -> None:
        """Send these records, and wait until all are in the topic."""
        failed: list[Any] = []

        def delivered(error: Any, _: Any) -> None:
            if error is not None:
                failed.append(error)

        try:
            for key, value, headers in records:
                self._produce(key, value, headers, delivered)
            left = self._producer.flush(self.cluster.timeout + 1)
        except KafkaException as error:
            raise self._named(error.args[0]) from error
        if failed or left:
            self._require_topic()  # if the topic is gone, librdkafka may only report a timeout
        if failed:
            raise self._named(failed[0])
        if left:
            raise self.cluster.unavailable(self._last_error.reason or "no response in time")

    def sent(self, topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the offsets up to which the rejections of these partitions (names without prefix) were sent; 0 if
        unknown."""
        wanted = [
            confluent_kafka.TopicPartition(self.cluster.topic(topic), partition)
            for topic, partition in topic_partitions
        ]
        found = self._of_group(lambda: self._offsets.committed(wanted, self.cluster.timeout)) if wanted else []
        return {self._topic_partition(partition): max(0, partition.offset) for partition in found}

    def keep(self, reached: Mapping[TopicPartition, int]) -> None:
        """Store the offsets up to which the rejections of these partitions were sent."""
        offsets = [
            confluent_kafka.TopicPartition(self.cluster.topic(topic), part, end)
            for (topic, part), end in reached.items()
        ]
        if offsets:
            self._of_group(lambda: self._offsets.commit(offsets=offsets, asynchronous=False))

    def _require_topic(self) -> None:
        with Identities(self.cluster) as identities:
            identities.topics([REJECTION_TOPIC], "Write")

    def _produce(self, key: bytes | None, value: bytes, headers: Any, delivered: Callable[..., None]) -> None:
        while True:
            try:
                self._producer.produce(self._topic, value, key, headers=headers, on_delivery=delivered)
            except BufferError:
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return

    def _topic_partition(self, found: Any) -> TopicPartition:
        return found.topic.removeprefix(self.cluster.prefix), found.partition

    def _of_group(self, ask: Callable[[], list[Any]]) -> list[Any]:
        """Return the group's offsets of these partitions."""
        try:
            partitions = ask()
        except KafkaException as error:
            # the reason why a group has no coordinator arrives as a message of a consumer without partitions
            message = self._offsets.poll(0)
            raise self._named(message.error() if message else error.args[0], operation="Read") from error
        for partition in partitions:
            if partition.error is not None:
                raise self._named(partition.error, partition.topic, "Read")
        return partitions

    def _named(self, error: Any, topic: str = "", operation: str = "Write") -> LedgerError:
        topic = topic or self._topic
        if error.code() in _TOPIC_GONE:
            return self.cluster.missing(topic.removeprefix(self.cluster.prefix))
        if error.code() in (TOPIC_DENIED, CLUSTER_DENIED):
            return self.cluster.denied(operation, "topic", topic)
        if error.code() == GROUP_DENIED:
            return self.cluster.denied("Read", "group", self.group)
        return self.cluster.unavailable(self._last_error.reason or error.str() or error.name())
