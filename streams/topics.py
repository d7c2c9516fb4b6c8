"""The ledger's topics: create them with every setting explicit, and check each setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from schemas.errors import Unavailable
from schemas.topics import LOG_TOPIC, REJECTION_TOPIC, TOPICS, UNPACKED_BYTES
from streams.cluster import TOPIC_DENIED, TOPIC_EXISTS, Cluster, administration, describe
from streams.reader import Reader
from streams.retention import RetentionPolicy, losses
from streams.shape import Shape, keep_shape, kept_shape, read_shape

SETTINGS = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(4 * 2**20),
    "compression.type": "producer",
    "message.timestamp.type": "CreateTime",
}
"""The settings of every topic: nothing is ever deleted, compacted, recompressed or given another timestamp."""

CREATE = "ip-ledger topics create"
_MORE_IS_FINE = ("max.message.bytes", "min.insync.replicas", "replication factor")


class TopicsRefused(Unavailable):
    """The cluster {brokers} refused to create {topics}. Ask its administrator for the rules, or have the topics created
    with the settings that `ip-ledger topics check` names."""


class Created(NamedTuple):
    """Topics, by name without prefix, that were created and that existed before; and the shape of the log."""

    created: tuple[str, ...]
    existing: tuple[str, ...]
    shape: Shape


class TopicFinding(NamedTuple):
    """A topic (its name in the cluster) that differs from what the ledger needs, and the next step."""

    topic: str
    setting: str
    found: str
    wanted: str
    next_step: str


def create(cluster: Cluster, partitions: int | None = None, unpacked_bytes: int = UNPACKED_BYTES) -> Created:
    """Store the shape of the log if it has none, create missing topics, and wait until every partition has a leader.

    Existing topics stay unchanged. The shape is stored first, so that an interrupted creation continues with the same
    shape, and of two concurrent creations one decides. Raise LogShapeDiffers before writing anything; ShapeUnreadable,
    BrokerUnavailable, TopicsRefused, NotAuthorized.
    """
    with administration(cluster) as admin:
        described = describe(cluster, admin, (LOG_TOPIC, *TOPICS, REJECTION_TOPIC))
        missing = tuple(name for name, topic in described.items() if topic is None)
        found = {name: len(topic["partitions"]) for name, topic in described.items() if topic and name in TOPICS}
        kept = kept_shape(cluster)
        shape = _chosen(cluster, kept, found, partitions, unpacked_bytes)
        shape.require(found)
        if kept is None:
            _make(cluster, admin, {LOG_TOPIC: 1} if LOG_TOPIC in missing else {}, [LOG_TOPIC])
            shape = keep_shape(cluster, shape)
            shape.require(found)
        rest = {name: shape.partitions.get(name, 1) for name in missing if name != LOG_TOPIC}
        _make(cluster, admin, rest, (*TOPICS, REJECTION_TOPIC))
    return Created(missing, tuple(name for name in described if name not in missing), shape)


def _chosen(
    cluster: Cluster, kept: Shape | None, found: dict[str, int], partitions: int | None, unpacked_bytes: int
) -> Shape:
    """Return the shape that the log has or gets. A log with events but without a shape record has the default."""
    asked = Shape.of(partitions, unpacked_bytes) if partitions else None
    if kept is None and asked and asked.partitions != Shape().partitions and _any_events(cluster, found):
        kept = Shape()
        kept.require(found)
    if kept is None:
        return asked or Shape(unpacked_bytes=unpacked_bytes)
    if asked:
        asked.require(kept.partitions)
    return kept


def _any_events(cluster: Cluster, names: Iterable[str]) -> bool:
    with Reader(cluster) as reader:
        return any(bounds.end > 0 for bounds in reader.bounds(names).values())


def _make(cluster: Cluster, admin: Any, partitions: dict[str, int], awaited: Iterable[str]) -> None:
    """Create topics with these partition counts; then wait until the awaited topics have leaders."""
    replication = _replication(admin)
    orders = {
        cluster.topic(name): {
            "num_partitions": count,
            "replication_factor": replication,
            "configs": _wanted_settings(replication),
        }
        for name, count in partitions.items()
    }
    if orders:
        _require_created(cluster, admin.create_topics(orders, raise_errors=False)["topics"])
    admin.wait_for_topics([cluster.topic(name) for name in awaited], timeout_ms=int(cluster.timeout * 1000))


def check(cluster: Cluster, names: Iterable[str] = TOPICS) -> list[TopicFinding]:
    """Return each difference of the topics, and of those of log and rejections, from what the ledger needs.

    Raise ShapeUnreadable, BrokerUnavailable, NotAuthorized.
    """
    wanted = {**read_shape(cluster).partitions, LOG_TOPIC: 1}
    with administration(cluster) as admin:
        from kafka.admin import ConfigResource, ConfigResourceType

        described = describe(cluster, admin, (*names, LOG_TOPIC, REJECTION_TOPIC))
        for name in (LOG_TOPIC, REJECTION_TOPIC):
            if described[name] is None:  # the log is older than this topic
                del described[name]
        replication = _replication(admin)
        there = [cluster.topic(name) for name, topic in described.items() if topic is not None]
        resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in there]
        settings = admin.describe_configs(resources, config_filter="all")["topic"] if there else {}
    for topic, known in settings.items():
        if not known:  # without the right to describe settings none are visible
            raise cluster.denied("DescribeConfigs", "topic", topic)
    findings: list[TopicFinding] = []
    for name, topic in described.items():
        full = cluster.topic(name)
        if topic is None:
            findings.append(TopicFinding(full, "topic", "missing", "there", CREATE))
        else:
            partitions = topic["partitions"]  # the partition count of rejections does not matter
            findings += _shape_findings(full, partitions, wanted.get(name, len(partitions)), replication)
            findings += _setting_findings(full, settings[full], replication)
    known = {name: _policy(settings[cluster.topic(name)]) for name, topic in described.items() if topic}
    return _with_days(cluster, findings, known)


def _replication(admin: Any) -> int:
    return min(3, len(admin.describe_cluster()["brokers"]))


def _wanted_settings(replication: int) -> dict[str, str]:
    return SETTINGS | {"min.insync.replicas": "2" if replication == 3 else "1"}


def _require_created(cluster: Cluster, answers: list[dict[str, Any]]) -> None:
    # A topic that exists by now was created by another client at the same moment.
    refused = [a for a in answers if a["error_code"] not in (0, TOPIC_EXISTS)]
    for answer in refused:
        if answer["error_code"] == TOPIC_DENIED:
            raise cluster.denied("Create", "topic", answer["name"])
    if refused:
        topics = "; ".join(f"{answer['name']} ({answer['error_message']})" for answer in refused)
        raise TopicsRefused(brokers=cluster.brokers, topics=topics)


def _shape_findings(
    topic: str, partitions: list[dict[str, Any]], wanted: int, replication: int
) -> Iterator[TopicFinding]:
    if len(partitions) != wanted:
        step = "the count is fixed for the life of a log: copy it with ip-ledger topics copy --to-prefix NEW"
        yield TopicFinding(topic, "partitions", str(len(partitions)), str(wanted), step)
    replicas = min(len(partition["replica_nodes"]) for partition in partitions)
    if not _suits("replication factor", str(replicas), str(replication)):
        step = "kafka-reassign-partitions --execute, with more replicas for each partition"
        yield TopicFinding(topic, "replication factor", str(replicas), str(replication), step)


def _setting_findings(topic: str, settings: dict[str, Any], replication: int) -> Iterator[TopicFinding]:
    for setting, wanted in _wanted_settings(replication).items():
        found = settings[setting]["value"]
        if not _suits(setting, found, wanted):
            yield TopicFinding(topic, setting, found, wanted, alter(topic, setting, wanted))


def alter(topic: str, setting: str, value: str) -> str:
    """Return the command that sets a topic's setting; `topic` is its name in the cluster."""
    return f"kafka-configs --alter --topic {topic} --add-config {setting}={value}"


def _policy(settings: dict[str, Any]) -> RetentionPolicy:
    cleanup, *limits = (settings[name]["value"] for name in ("cleanup.policy", "retention.ms", "retention.bytes"))
    return RetentionPolicy(cleanup, *map(int, limits))


def _with_days(cluster: Cluster, findings: list[TopicFinding], known: dict[str, RetentionPolicy]) -> list[TopicFinding]:
    """Return the findings; those on retention with the day from which the first record may be deleted."""
    deleting = {name: policy for name, policy in known.items() if policy.limit}
    if not deleting:
        return findings
    with Reader(cluster) as reader:
        expected = {
            (cluster.topic(loss.topic), loss.setting.partition("=")[0]): loss
            for loss in losses(deleting, reader, reader.bounds(deleting), {})
        }
    return [
        finding._replace(next_step=f"{finding.next_step}; {loss.message()}")
        if (loss := expected.get(finding[:2]))
        else finding
        for finding in findings
    ]


def _suits(setting: str, found: str, wanted: str) -> bool:
    return int(found) >= int(wanted) if setting in _MORE_IS_FINE else found == wanted
