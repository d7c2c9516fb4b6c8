"""Open transactions: which producer holds back the records of a partition, since when, and how to end it.

Readers see a partition up to its last stable offset. Records between it and the high watermark were written after an
open transaction began, by any producer: they are in the log, and invisible until that transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from math import inf
from typing import Any, NamedTuple

from schemas.topics import TopicPartition
from streams.cluster import Cluster, administration
from streams.moment import moment
from streams.reader import Bounds

OPEN_SECONDS = 5.0
"""A transaction that is open this long is reported; shorter ones are normal."""


class OpenTransaction(NamedTuple):
    """An open transaction on one partition; what the brokers do not know, or do not let us know, is None.

    start: its first offset there; the `waiting` offsets after it wait. since, until: milliseconds since 1970 UTC; its
    coordinator aborts it at `until` unless its producer ends it before.
    """

    topic: str
    partition: int
    start: int
    waiting: int
    producer_id: int | None = None
    transactional_id: str | None = None
    since: int | None = None
    until: int | None = None

    def message(self) -> str:
        """Return where it is, how many offsets wait, whose it is and since when."""
        whose = f"an open transaction of {self._whose()}"
        since = f", since {_time(self.since)}" if self.since is not None else ""
        return f"{self.topic}:{self.partition}={self.start}: {self.waiting:,} offsets wait behind {whose}{since}"

    def _whose(self) -> str:
        if self.producer_id is None:
            return "an unknown producer (to see it, Read of the topic is required)"
        named = f"transactional id {self.transactional_id}" if self.transactional_id is not None else "an unknown id"
        return f"{named} (producer id {self.producer_id})"

    def step(self, cluster: Cluster) -> str:
        """Return how to end it."""
        command = (
            f"kafka-transactions.sh --bootstrap-server {cluster.brokers} abort --topic {cluster.topic(self.topic)} "
            f"--partition {self.partition} --start-offset {self.start}"
        )
        by_itself = f"the brokers abort it at {_time(self.until)}; sooner: " if self.until is not None else ""
        return f"{by_itself}stop its producer, then {command}"


def open_transactions(cluster: Cluster, bounds: Mapping[TopicPartition, Bounds]) -> list[OpenTransaction]:
    """Return the transactions that hold back offsets of these partitions, in order: the first one per partition.

    Finding the producer requires rights that not every client has: Read of the topic, Describe of the transactional id.
    If no transaction is open by then, nothing waits: the bounds of a growing log are not from one moment. Raise
    BrokerUnavailable.
    """
    held = {topic_partition: bound for topic_partition, bound in sorted(bounds.items()) if bound.waiting}
    if not held:
        return []
    with administration(cluster) as admin:
        producers = _producers(cluster, admin, held)
        coordinated = _coordinated(admin, {producer.producer_id for producer in producers.values() if producer})
    found = []
    for (topic, partition), producer in producers.items():
        bound = held[topic, partition]
        transaction = OpenTransaction(topic, partition, bound.end, bound.waiting)
        if producer is not None:
            whose = coordinated.get(producer.producer_id, {"since": producer.last_timestamp})
            transaction = transaction._replace(producer_id=producer.producer_id, **whose)
        found.append(transaction)
    return found


def open_for(transaction: OpenTransaction, now: float) -> float:
    """Return for how many seconds it is open at this time (seconds since 1970); infinity if unknown."""
    return inf if transaction.since is None else now - transaction.since / 1000


def _producers(cluster: Cluster, admin: Any, topic_partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Any]:
    """Return, for each partition with open transactions, the producer whose transaction began first; None if we lack
    the right to know."""
    from kafka.errors import AuthorizationError
    from kafka.structs import TopicPartition

    first: dict[TopicPartition, Any] = {}
    for topic, group in groupby(topic_partitions, lambda topic_partition: topic_partition[0]):
        numbers = [partition for _, partition in group]
        asked = [TopicPartition(cluster.topic(topic), partition) for partition in numbers]
        try:
            described = admin.describe_producers(asked)
        except AuthorizationError:
            first |= dict.fromkeys((topic, partition) for partition in numbers)
            continue
        for topic_partition, state in described.items():
            begun = [each for each in state.active_producers if each.current_transaction_start_offset >= 0]
            if begun:
                first[topic, topic_partition.partition] = min(
                    begun, key=lambda each: each.current_transaction_start_offset
                )
    return first


def _coordinated(admin: Any, producer_ids: set[int]) -> dict[int, dict[str, Any]]:
    """Return the coordinators' knowledge of these producers' transactions; nothing of transactions that hang without
    one."""
    from kafka.errors import AuthorizationError, TransactionalIdNotFoundError

    if not producer_ids:
        return {}
    listed = admin.list_transactions(producer_id_filters=sorted(producer_ids))
    known: dict[int, dict[str, Any]] = {}
    for listing in (listing for listings in listed.values() for listing in listings):
        facts = known[listing.producer_id] = {"transactional_id": listing.transactional_id}
        try:
            (described,) = admin.describe_transactions([listing.transactional_id]).values()
        except (AuthorizationError, TransactionalIdNotFoundError):
            continue
        if described.transaction_start_time_ms >= 0:
            since = described.transaction_start_time_ms
            facts |= {"since": since, "until": since + described.transaction_timeout_ms}
    return known


def _time(milliseconds: int) -> str:
    return moment(milliseconds).isoformat(timespec="seconds").replace("+00:00", "Z")
