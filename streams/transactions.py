"""Open transactions: who holds back the records of a partition, since when, and how that ends.

Readers see a partition up to its last stable offset. From there up to the high watermark lies what was written after an
open transaction began, whoever wrote it: it is in the log, and nobody sees it before that transaction is over.
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
"""A transaction that is open for so long is worth a word; a shorter one is how transactions are."""


class OpenTransaction(NamedTuple):
    """An open transaction on one partition; what the brokers do not know, or do not let us know, is None.

    start: the offset where it began there, behind which `waiting` offsets wait. since, until: milliseconds since 1970
    UTC; its coordinator aborts it at `until`, if its producer has not ended it by then.
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
        """Where, how many, whose and since when, in words."""
        whose = f"an open transaction of {self._whose()}"
        since = f", since {_time(self.since)}" if self.since is not None else ""
        return f"{self.topic}:{self.partition}={self.start}: {self.waiting:,} offsets wait behind {whose}{since}"

    def _whose(self) -> str:
        if self.producer_id is None:
            return "somebody whom we may not ask for (that needs Read of the topic)"
        named = f"transactional id {self.transactional_id}" if self.transactional_id is not None else "no id we know"
        return f"{named} (producer id {self.producer_id})"

    def step(self, cluster: Cluster) -> str:
        """What ends it."""
        command = (
            f"kafka-transactions.sh --bootstrap-server {cluster.brokers} abort --topic {cluster.topic(self.topic)} "
            f"--partition {self.partition} --start-offset {self.start}"
        )
        by_itself = f"the brokers abort it at {_time(self.until)}; sooner: " if self.until is not None else ""
        return f"{by_itself}stop its producer, then {command}"


def open_transactions(cluster: Cluster, bounds: Mapping[TopicPartition, Bounds]) -> list[OpenTransaction]:
    """The transactions that hold back offsets of these partitions, in order: the first of each partition.

    Whose they are is asked with rights that not everybody has: Read of the topic, Describe of the transactional id.
    Where nobody's is open by then, nothing waits: the bounds of a log that goes on are not of one moment. Raises
    BrokerUnavailable.
    """
    held = {place: bound for place, bound in sorted(bounds.items()) if bound.waiting}
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
    """For how many seconds it is open at this time (seconds since 1970); for ever, if we may not know."""
    return inf if transaction.since is None else now - transaction.since / 1000


def _producers(cluster: Cluster, admin: Any, places: Iterable[TopicPartition]) -> dict[TopicPartition, Any]:
    """The producer whose open transaction began first, of each partition where one is open; None if we may not know."""
    from kafka.errors import AuthorizationError
    from kafka.structs import TopicPartition

    first: dict[TopicPartition, Any] = {}
    for topic, group in groupby(places, lambda place: place[0]):
        numbers = [partition for _, partition in group]
        asked = [TopicPartition(cluster.topic(topic), partition) for partition in numbers]
        try:
            described = admin.describe_producers(asked)
        except AuthorizationError:
            first |= dict.fromkeys((topic, partition) for partition in numbers)
            continue
        for place, state in described.items():
            begun = [each for each in state.active_producers if each.current_transaction_start_offset >= 0]
            if begun:
                first[topic, place.partition] = min(begun, key=lambda each: each.current_transaction_start_offset)
    return first


def _coordinated(admin: Any, producer_ids: set[int]) -> dict[int, dict[str, Any]]:
    """What the coordinators know of these producers' transactions; nothing of those that hang without one."""
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
