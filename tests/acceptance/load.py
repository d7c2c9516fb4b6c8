"""Load from producers: all codecs, committed and aborted transactions, duplicates, conflicts and bad records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any, NamedTuple

import confluent_kafka
from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.cluster import Cluster
from streams.synthetic.pledges import generate_pledges
from tests.processes import PATIENCE_SECONDS, wait_until

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")


class OutgoingRecord(NamedTuple):
    """A record to produce to a topic (plain name)."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None


def record_of(value: bytes) -> OutgoingRecord:
    """Return the record of an event, for its own topic and partition."""
    event = json.loads(value)
    topic = EVENT_TYPES[event["type"]].topic
    key = event["subject"].encode()
    return OutgoingRecord(topic, partition_of(key, TOPICS[topic].partitions), key, value)


def noisy_records(
    events: int, seed: int, source: Callable[[int, int], Iterator[bytes]] = generate_pledges
) -> Iterator[OutgoingRecord]:
    """Yield synthetic events; one in eight is followed by a duplicate, a conflict or a bad record."""
    chance = Random(seed)
    before: list[OutgoingRecord] = []
    for value in source(events, seed):
        before.append(record_of(value))
        yield before[-1]
        if chance.random() < 1 / 8:
            yield chance.choice((_duplicate, _duplicate, _conflict, _poison, _misrouted))(chance.choice(before), chance)


def _duplicate(record: OutgoingRecord, _: Random) -> OutgoingRecord:
    return record


def _conflict(record: OutgoingRecord, chance: Random) -> OutgoingRecord:
    assert record.value is not None
    event = json.loads(record.value) | {"time": f"2031-01-01T00:00:{chance.randrange(60):02d}Z"}
    return record._replace(value=json.dumps(event).encode())


def _poison(record: OutgoingRecord, chance: Random) -> OutgoingRecord:
    poisons = (None, b"", b"\xff", b"{", b'{"specversion":"1.0"}', b'{"a":1,"a":2}', b"[" * 100, b"9" * 1_000_001)
    return record._replace(value=chance.choice(poisons))


def _misrouted(record: OutgoingRecord, chance: Random) -> OutgoingRecord:
    elsewhere = record._replace(partition=(record.partition + 1) % TOPICS[record.topic].partitions)
    return chance.choice((elsewhere, record._replace(key=None), record._replace(key=b"another subject")))


class Producers:
    """An idempotent producer for each codec, and a transactional one that aborts half of its transactions."""

    def __init__(self, cluster: Cluster, chance: Random) -> None:
        self.cluster, self.chance = cluster, chance
        self.plain = [_producer(cluster, **{"compression.type": codec}) for codec in CODECS]
        self.transactional = _producer(cluster, **{"transactional.id": f"{cluster.prefix}load"})
        self.transactional.init_transactions(PATIENCE_SECONDS)

    def produce(self, records: Iterable[OutgoingRecord], *, surely: bool = False) -> None:
        """Produce records together by one of the producers; some aborted transactions are retried, others are not
        unless the records must `surely` be in the log."""
        records = list(records)
        if surely or self.chance.random() < 0.6:
            self._send(self.chance.choice(self.plain), records)
            return
        while self.chance.random() < 0.5:
            self.transactional.begin_transaction()
            self._send(self.transactional, records)
            abort(self.cluster, self.transactional)
        if self.chance.random() < 0.8:
            self.transactional.begin_transaction()
            self._send(self.transactional, records)
            commit(self.cluster, self.transactional)

    def _send(self, producer: Any, records: Iterable[OutgoingRecord]) -> None:
        send(self.cluster, producer, records)


def send(cluster: Cluster, producer: Any, records: Iterable[OutgoingRecord]) -> None:
    """Send records and wait until they are in the log."""
    for topic, partition, key, value in records:
        producer.produce(cluster.topic(topic), value, key, partition=partition)
    assert producer.flush(PATIENCE_SECONDS) == 0


def commit(cluster: Cluster, transactional: Any) -> None:
    """Commit the producer's transaction, and wait until readers can see it."""
    transactional.commit_transaction(PATIENCE_SECONDS)
    _wait_for_markers(cluster)


def abort(cluster: Cluster, transactional: Any) -> None:
    """Abort the producer's transaction, and wait until readers can pass it."""
    transactional.abort_transaction(PATIENCE_SECONDS)
    _wait_for_markers(cluster)


def _wait_for_markers(cluster: Cluster) -> None:
    """Wait for the markers: the broker writes them after it answers, and until then the log ends before them."""
    admin = AdminClient(cluster.librdkafka())
    wait_until(
        lambda: (
            _ends(admin, cluster, IsolationLevel.READ_COMMITTED)
            == _ends(admin, cluster, IsolationLevel.READ_UNCOMMITTED)
        ),
        lambda: "a transaction has no marker yet",
    )


def _ends(admin: AdminClient, cluster: Cluster, isolation: IsolationLevel) -> dict[Any, int]:
    topic_partitions = [
        TopicPartition(cluster.topic(name), p) for name, topic in TOPICS.items() for p in range(topic.partitions)
    ]
    futures = admin.list_offsets(dict.fromkeys(topic_partitions, OffsetSpec.latest()), isolation_level=isolation)
    return {topic_partition: future.result().offset for topic_partition, future in futures.items()}


def _producer(cluster: Cluster, **settings: str) -> Any:
    common = {"enable.idempotence": True, "linger.ms": 0, "message.max.bytes": 4 * 2**20}
    return confluent_kafka.Producer(cluster.librdkafka(**common, **settings))


class Load:
    """Noisy records, produced little by little while a test waits for a condition."""

    def __init__(self, cluster: Cluster, seed: int) -> None:
        self.chance = Random(seed)
        self._producers = Producers(cluster, self.chance)
        self._records = noisy_records(10**9, seed)

    def produce(self, count: int, at_once: int = 50) -> None:
        """Produce `count` records, up to `at_once` together; at least the last of them are in the log."""
        for left in range(count, 0, -at_once):
            self._producers.produce(islice(self._records, min(left, at_once)), surely=left <= at_once)

    def until(self, condition: Callable[[], bool], otherwise: Callable[[], str], most: int) -> None:
        """Wait for the condition; until it holds, produce up to `most` records, a few at a time."""
        left = [most]

        def held() -> bool:
            if left[0] > 0:
                few = min(left[0], self.chance.randint(1, 20))
                left[0] -= few
                self._producers.produce(islice(self._records, few))
            return condition()

        wait_until(held, otherwise)
