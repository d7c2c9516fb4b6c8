"""The shape of a log: the partition counts of its topics, and the limit on a record batch's unpacked bytes.

It is chosen when the log is created, and stored in the log itself: the record at offset 0 of the topic `ip.log.v1`. A
log without that record is older than this topic and has the default shape. See
docs/decisions/0010-the-shape-of-a-log.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import orjson

from schemas.errors import PromiseBroken
from schemas.topics import LOG_TOPIC, TOPICS, UNPACKED_BYTES
from streams.cluster import TOPIC_DENIED, Cluster, LastError, TopicMissing, connect
from streams.log_identity import LogIdentity, identity
from streams.rights import NotAuthorized

_FORMAT = 1
DEFAULT_PARTITIONS = {topic.name: topic.partitions for topic in TOPICS.values()}
ONE_PARTITION = "ip.reference.v1"
"""The topic of reference data: one partition gives it one order, whatever counts the others have."""


class ShapeUnreadable(PromiseBroken):
    """The log's own record, {topic}:0=0, does not hold a valid log shape: {reason}. Nothing was written. Without it the
    partition of a subject is unknown. Find out who wrote to or trimmed that topic, and copy the log with `ip-ledger
    topics copy --to-prefix NEW --partitions N`; upgrade a release that is older than the log."""


class LogShapeDiffers(PromiseBroken):
    """The topic {topic} has {found} partitions instead of {wanted}. Partition counts are fixed when a log is created,
    because they determine a subject's partition. Nothing was written. `ip-ledger topics copy --to-prefix NEW` creates a
    log under another prefix with all events of this one; then set LEDGER_TOPIC_PREFIX to it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a log, fixed for its life: partitions by topic (name without prefix), and the limit on a batch's
    unpacked bytes."""

    partitions: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_PARTITIONS))
    unpacked_bytes: int = UNPACKED_BYTES

    @classmethod
    def of(cls, partitions: int, unpacked_bytes: int = UNPACKED_BYTES) -> Shape:
        """Return a shape with this many partitions per topic; the reference topic has one."""
        return cls({name: 1 if name == ONE_PARTITION else partitions for name in TOPICS}, unpacked_bytes)

    def record(self) -> bytes:
        """Return the value of the record that stores it."""
        kept = {"partitions": dict(self.partitions), "unpacked_bytes": self.unpacked_bytes, "format": _FORMAT}
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)

    def require(self, found: Mapping[str, int]) -> None:
        """Raise LogShapeDiffers if one of these topics (name without prefix -> partitions) has another count."""
        for name, count in found.items():
            if count != self.partitions[name]:
                raise LogShapeDiffers(topic=name, found=count, wanted=self.partitions[name])


def parse_shape(value: bytes) -> Shape:
    """Return the shape that a record stores. Topics that it omits are newer than the log and have the default count.

    Raise ValueError with the reason.
    """
    kept = orjson.loads(value)
    if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
        raise ValueError(f"its format is not {_FORMAT}")
    counts, unpacked_bytes = kept.get("partitions"), kept.get("unpacked_bytes")
    if not isinstance(counts, dict) or not all(map(_is_count, counts.values())):
        raise ValueError("partitions is not an object of counts")
    if not isinstance(unpacked_bytes, int) or not _is_count(unpacked_bytes):
        raise ValueError("unpacked_bytes is not a count")
    return Shape({name: counts.get(name, default) for name, default in DEFAULT_PARTITIONS.items()}, unpacked_bytes)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 < value < 2**31


def read_shape(cluster: Cluster) -> Shape:
    """Return the shape of the log in this cluster. Raise ShapeUnreadable, BrokerUnavailable, NotAuthorized."""
    return kept_shape(cluster) or Shape()


def log_in_shape(cluster: Cluster) -> tuple[LogIdentity, Shape]:
    """Return the log's identity and shape, after checking that its topics match. Raise LogShapeDiffers,
    ShapeUnreadable, BrokerUnavailable, TopicMissing."""
    log, shape = identity(cluster), read_shape(cluster)
    shape.require(log.partitions)
    return log, shape


def kept_shape(cluster: Cluster) -> Shape | None:
    """Return the stored shape; None if the log stores none. Raise ShapeUnreadable, BrokerUnavailable, NotAuthorized."""
    try:
        value = _first_value(cluster)
    except NotAuthorized as error:  # a client that may not even describe it needs more rights than that
        raise cluster.denied("Read", "topic", cluster.topic(LOG_TOPIC)) from error
    try:
        return None if value is None else parse_shape(value)
    except ValueError as error:
        raise ShapeUnreadable(topic=cluster.topic(LOG_TOPIC), reason=error) from error


def keep_shape(cluster: Cluster, shape: Shape) -> Shape:
    """Write the shape to the log's topic, which must exist. Return the stored shape: another client's, if that was
    faster. Raise ShapeUnreadable, BrokerUnavailable."""
    import confluent_kafka

    last_error = LastError()
    limits = {"message.timeout.ms": int(cluster.timeout * 1000), "error_cb": last_error}
    producer = connect(
        cluster, confluent_kafka.Producer, acks="all", **limits
    )  # duplicates are harmless: the first counts
    failed: list[Any] = []
    producer.produce(
        cluster.topic(LOG_TOPIC), shape.record(), partition=0, on_delivery=lambda error, _: failed.append(error)
    )
    producer.flush(cluster.timeout + 1)
    if failed and failed[0] is not None and failed[0].code() == TOPIC_DENIED:
        raise cluster.denied("Write", "topic", cluster.topic(LOG_TOPIC))
    if failed != [None]:
        raise cluster.unavailable(last_error.reason or (failed[0].str() if failed else "no answer in time"))
    deadline = monotonic() + cluster.timeout
    while (kept := kept_shape(cluster)) is None:  # acknowledged, and visible a moment later
        if monotonic() > deadline:
            raise cluster.unavailable(f"what was written to {cluster.topic(LOG_TOPIC)} is not readable")
    return kept


def _first_value(cluster: Cluster) -> bytes | None:
    """Return the value at offset 0 of the log's topic; None if the topic does not exist or is empty."""
    from streams.reader import Reader  # the book, which needs only shapes, does not import it

    with Reader(cluster) as reader:
        try:
            first, end, _ = reader.bounds([LOG_TOPIC])[LOG_TOPIC, 0]
        except TopicMissing:
            return None
        if first > 0:
            raise ShapeUnreadable(topic=cluster.topic(LOG_TOPIC), reason="the record at offset 0 was deleted")
        record = reader.record(LOG_TOPIC, 0, 0) if end else None
        if end and record is None:
            raise ShapeUnreadable(topic=cluster.topic(LOG_TOPIC), reason="there is no record at offset 0")
    return None if record is None else record.value or b""
