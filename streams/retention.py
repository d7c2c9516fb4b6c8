"""What Kafka takes away from a log: compaction, on which nobody works, and retention, with the day when it begins."""

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
    """The topic {topic} is compacted (cleanup.policy={policy}): Kafka removes all but the last record of a key, so that
    events vanish. Nothing was written. Set it right with `kafka-configs.sh --bootstrap-server {brokers} --alter --topic
    {topic} --add-config cleanup.policy=delete`; `ip-ledger verify` says whether the log still holds what a book has."""


class Policy(NamedTuple):
    """What Kafka removes from a topic: cleanup.policy, and the limits of deletion (-1: none)."""

    cleanup: str = "delete"
    retention_ms: int = -1
    retention_bytes: int = -1

    @property
    def compacts(self) -> bool:
        """True if records are removed because of later ones with the same key."""
        return "compact" in self.cleanup

    @property
    def limit(self) -> str | None:
        """The setting by which records are deleted, such as `retention.ms=604800000`; None if none are."""
        if "delete" not in self.cleanup:
            return None
        limits = {"retention.ms": self.retention_ms, "retention.bytes": self.retention_bytes}
        return next((f"{name}={limit}" for name, limit in limits.items() if limit >= 0), None)


class Loss(NamedTuple):
    """A topic whose records will be deleted: by which setting, and from which day (UTC) on the oldest record may go,
    and the first that the book lacks. No day: there is no such record, or it goes by size, at any time."""

    topic: str
    setting: str
    oldest_from: str | None
    unposted_from: str | None

    def message(self) -> str:
        """The same in words."""
        if self.setting.startswith("retention.bytes"):
            return f"{self.topic} is cut to a size ({self.setting}): records may go at any time"
        days = [
            f"{which} may go from {day} on"
            for which, day in (("the oldest record", self.oldest_from), ("the first unposted one", self.unposted_from))
            if day is not None
        ]
        return f"{self.topic} deletes records ({self.setting}): {', '.join(days) or 'it is empty'}"


def policies(cluster: Cluster, names: Iterable[str] = TOPICS) -> dict[str, Policy]:
    """What Kafka removes from each of these topics (plain names). Raises BrokerUnavailable, TopicMissing; NotAuthorized
    where we may not ask for the settings of topics."""
    from confluent_kafka import KafkaError, KafkaException
    from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

    last_error = LastError()
    client = connect(cluster, AdminClient, error_cb=last_error)
    resources = {ConfigResource(ResourceType.TOPIC, cluster.topic(name)): name for name in names}
    answers = client.describe_configs(list(resources), request_timeout=cluster.timeout)
    found = {}
    for resource, answer in answers.items():
        name = resources[resource]
        try:
            said = answer.result()
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise cluster.denied("DescribeConfigs", "topic", cluster.topic(name)) from error
            if code == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise cluster.missing(name) from error
            client.poll(0)  # brings the reason
            raise cluster.unavailable(last_error.reason or error.args[0].str()) from error
        values = (said[setting].value for setting in ("cleanup.policy", "retention.ms", "retention.bytes"))
        cleanup, milliseconds, size = values
        found[name] = Policy(cleanup, int(milliseconds), int(size))
    return found


def require_uncompacted(cluster: Cluster) -> NotAuthorized | None:
    """Raise TopicCompacted if a topic is. Return why we may not know it, if we may not. Raises BrokerUnavailable,
    TopicMissing."""
    try:
        found = policies(cluster)
    except NotAuthorized as error:
        return error
    for name, policy in found.items():
        if policy.compacts:
            raise TopicCompacted(topic=cluster.topic(name), policy=policy.cleanup, brokers=cluster.brokers)
    return None


def losses(
    found: Mapping[str, Policy],
    reader: Reader,
    bounds: Mapping[TopicPartition, Bounds],
    next_offsets: Mapping[TopicPartition, int],
) -> list[Loss]:
    """The topics from which records will be deleted. `next_offsets` is where a book goes on; empty without a book.

    Raises BrokerUnavailable.
    """
    expected = []
    for name, policy in found.items():
        if policy.limit is None:
            continue
        places = [place for place in bounds if place[0] == name]
        oldest = {place: bounds[place].first for place in places}
        unposted = {place: next_offsets[place] for place in places if place in next_offsets}
        days = (_first_day(reader, bounds, policy, offsets) for offsets in (oldest, unposted))
        expected.append(Loss(name, policy.limit, *days))
    return expected


def _first_day(
    reader: Reader, bounds: Mapping[TopicPartition, Bounds], policy: Policy, offsets: Mapping[TopicPartition, int]
) -> str | None:
    """When retention by time may take the first of the records from these offsets on."""
    if policy.retention_ms < 0:
        return None
    times = []
    for place, offset in offsets.items():
        try:
            record = reader.first(*place, max(offset, bounds[place].first), bounds[place].end)
        except LogRangeMissing:  # it was taken meanwhile
            continue
        if record is not None:
            times.append(record.timestamp)
    return moment(min(times) + policy.retention_ms).date().isoformat() if times else None
