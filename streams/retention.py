"""Deletion by Kafka: compaction, which stops the ledger, and retention, with the day on which it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.errors import PromiseBroken
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster, LastError, connect
from streams.moment import moment
from streams.reader import Bounds, LogRangeMissing, Reader
from streams.rights import NotAuthorized


class TopicCompacted(PromiseBroken):
    """The topic {topic} is compacted (cleanup.policy={policy}): Kafka removes all but the last record of a key, so
    events are lost. Nothing was written. Correct it with `kafka-configs.sh --bootstrap-server {brokers} --alter --topic
    {topic} --add-config cleanup.policy=delete`; `ip-ledger verify` reports whether the log still holds all records of a
    book."""


class RetentionPolicy(NamedTuple):
    """The deletion policy of a topic: cleanup.policy, and the limits of deletion (-1: none)."""

    cleanup: str = "delete"
    retention_ms: int = -1
    retention_bytes: int = -1

    @property
    def compacts(self) -> bool:
        """True if a record is removed when a later one has the same key."""
        return "compact" in self.cleanup

    @property
    def limit(self) -> str | None:
        """The setting that deletes records, such as `retention.ms=604800000`; None if there is none. The limit of size
        goes before that of time, as it may delete at any time."""
        if "delete" not in self.cleanup:
            return None
        limits = {"retention.bytes": self.retention_bytes, "retention.ms": self.retention_ms}
        return next((f"{name}={limit}" for name, limit in limits.items() if limit >= 0), None)


class Loss(NamedTuple):
    """A topic whose records will be deleted: the setting, the day (UTC) from which the oldest record may be deleted,
    and that of the first record that the book lacks. A day is None if there is no such record, or if deletion is by
    size and may happen at any time."""

    topic: str
    setting: str
    oldest_from: str | None
    unposted_from: str | None

    def message(self) -> str:
        """Return the loss as a sentence."""
        if self.setting.startswith("retention.bytes"):
            return f"{self.topic} is limited in size ({self.setting}): records may be deleted at any time"
        days = [
            f"{which} may be deleted from {day} on"
            for which, day in (("the oldest record", self.oldest_from), ("the first unposted one", self.unposted_from))
            if day is not None
        ]
        return f"{self.topic} deletes records ({self.setting}): {', '.join(days) or 'it is empty'}"


def unarchived(topic: str, bounds: Mapping[TopicPartition, Bounds], ends: Mapping[TopicPartition, int]) -> int:
    """Return how many offsets of a topic an archive lacks; `ends` is where it ends in each partition."""
    mine = {topic_partition: bound for topic_partition, bound in bounds.items() if topic_partition[0] == topic}
    return sum(max(0, bound.high - ends.get(topic_partition, bound.first)) for topic_partition, bound in mine.items())


def policies(cluster: Cluster, names: Iterable[str] = TOPICS) -> dict[str, RetentionPolicy]:
    """Return the deletion policy of each of these topics (names without prefix). Raise BrokerUnavailable,
    TopicMissing; NotAuthorized if we lack the right to read topic settings."""
    from confluent_kafka import KafkaError
    from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

    last_error = LastError()
    client = connect(cluster, AdminClient, error_cb=last_error)
    resources = {ConfigResource(ResourceType.TOPIC, cluster.topic(name)): name for name in names}
    answers = client.describe_configs(list(resources), request_timeout=cluster.timeout)
    found = {}
    for resource, answer in answers.items():
        name = resources[resource]
        if error := answer.exception():  # raised here, it would keep the client and its pipes in a cycle
            code = error.args[0].code()
            if code == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise cluster.denied("DescribeConfigs", "topic", cluster.topic(name)) from error
            if code == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise cluster.missing(name) from error
            client.poll(0)  # delivers the reason
            raise cluster.unavailable(last_error.reason or error.args[0].str()) from error
        settings = answer.result()
        values = (settings[setting].value for setting in ("cleanup.policy", "retention.ms", "retention.bytes"))
        cleanup, milliseconds, size = values
        found[name] = RetentionPolicy(cleanup, int(milliseconds), int(size))
    return found


def require_uncompacted(cluster: Cluster) -> NotAuthorized | None:
    """Raise TopicCompacted if a topic is compacted. Return why that is unknown if we lack the right to ask. Raise
    BrokerUnavailable, TopicMissing."""
    try:
        found = policies(cluster)
    except NotAuthorized as error:
        return error
    for name, policy in found.items():
        if policy.compacts:
            raise TopicCompacted(topic=cluster.topic(name), policy=policy.cleanup, brokers=cluster.brokers)
    return None


def losses(
    found: Mapping[str, RetentionPolicy],
    reader: Reader,
    bounds: Mapping[TopicPartition, Bounds],
    next_offsets: Mapping[TopicPartition, int],
) -> list[Loss]:
    """Return the topics from which records will be deleted. `next_offsets` is where a book continues; empty without a
    book.

    Raise BrokerUnavailable.
    """
    expected = []
    for name, policy in found.items():
        if policy.limit is None:
            continue
        topic_partitions = [topic_partition for topic_partition in bounds if topic_partition[0] == name]
        oldest = {topic_partition: bounds[topic_partition].first for topic_partition in topic_partitions}
        unposted = {
            topic_partition: next_offsets[topic_partition]
            for topic_partition in topic_partitions
            if topic_partition in next_offsets
        }
        days = (_first_day(reader, bounds, policy, offsets) for offsets in (oldest, unposted))
        expected.append(Loss(name, policy.limit, *days))
    return expected


def _first_day(
    reader: Reader,
    bounds: Mapping[TopicPartition, Bounds],
    policy: RetentionPolicy,
    offsets: Mapping[TopicPartition, int],
) -> str | None:
    """Return the day from which retention by time may delete the first of the records from these offsets on; None if
    retention by size may delete it before."""
    if policy.retention_ms < 0 or policy.retention_bytes >= 0:
        return None
    times = []
    for topic_partition, offset in offsets.items():
        try:
            record = reader.first(
                *topic_partition, max(offset, bounds[topic_partition].first), bounds[topic_partition].end
            )
        except LogRangeMissing:  # deleted meanwhile
            continue
        if record is not None:
            times.append(record.timestamp)
    return moment(min(times) + policy.retention_ms).date().isoformat() if times else None
