"""Copying a log into one of another shape: the repair for topics with the wrong number of partitions."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import replace
from typing import Any

import confluent_kafka
import pytest

from schemas.topics import TOPICS, partition_of
from streams import topics
from streams.batch import Record
from streams.cluster import Cluster, TopicMissing, administration
from streams.copy import CopyNotEmpty, copy
from streams.reader import Reader
from streams.shape import LogShapeDiffers, Shape, log_in_shape
from tests.events import PATENT, granted, value_of
from tests.platform import widen
from tests.processes import Installation


@pytest.fixture
def target(brokers: str) -> Cluster:
    """Return the same cluster under an unused prefix."""
    return Cluster(brokers, f"u{secrets.token_hex(3)}-")


def foreign(cluster: Cluster) -> confluent_kafka.Producer:
    """Return a foreign client that partitions by murmur2 and the cluster's metadata."""
    return confluent_kafka.Producer(
        cluster.librdkafka(**{"partitioner": "murmur2_random", "topic.metadata.refresh.interval.ms": 1000})
    )


def records(cluster: Cluster, name: str) -> dict[int, list[Record]]:
    """Return all records of a topic, by partition."""
    found: dict[int, list[Record]] = {}
    with Reader(cluster) as reader:
        ranges = {topic_partition: (bound.first, bound.end) for topic_partition, bound in reader.bounds([name]).items()}
        for batch in reader.batches(ranges):
            found.setdefault(batch.partition, []).extend(batch.records)
    return found


def outcomes(installation: Installation) -> Counter[str]:
    parts = installation.run("status", "--json").json["partitions"]
    return Counter({name: sum(part[name] for part in parts) for name in ("accepted", "rejected", "duplicate", "gap")})


def test_all_events_of_a_widened_log_are_accepted_from_its_copy(installation: Installation) -> None:
    cluster = installation.cluster
    subjects = [f"US{10_000_000 + n}B2" for n in range(1000)]
    widen(cluster, PATENT, 6)
    client = foreign(cluster)
    for subject in subjects:
        client.produce(cluster.topic(PATENT), value_of(granted(f"g-{subject}", subject)), subject.encode())
    client.flush()
    lost = sum(len(found) for number, found in records(cluster, PATENT).items() if number > 3)
    assert lost > 200, "the new partitions must hold events"
    prefix = f"u{secrets.token_hex(3)}-"
    done = installation.run("topics", "copy", "--to-prefix", prefix, "--json")
    assert done.code == 0, done.err
    assert {row["topic"]: row["records"] for row in done.json["topics"] if row["records"]} == {PATENT: 1000}
    there = Installation(replace(cluster, prefix=prefix), installation.book)
    assert there.run("replay", "--book", str(installation.book)).code == 0
    assert outcomes(there) == Counter(accepted=1000)
    assert there.run("verify", "--json").json["verdict"] == "equal"
    assert installation.run("topics", "copy", "--to-prefix", prefix).code == 2, "the prefix is in use now"


def test_a_book_is_verified_against_a_log_that_was_widened_later(installation: Installation) -> None:
    client = foreign(installation.cluster)
    for n in range(20):
        client.produce(installation.cluster.topic(PATENT), value_of(granted(f"g{n}", f"US{n}B2")), f"US{n}B2".encode())
    client.flush()
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    widen(installation.cluster, PATENT, 6)
    done = installation.run("verify", "--json")
    assert done.code == 1
    assert (done.json["verdict"], done.json["records"], done.json["differences"]) == ("incomplete", 20, [])
    assert f"{PATENT} has 6 partitions instead of 4" in done.json["reason"]


def test_a_record_is_copied_as_it_is(cluster: Cluster, target: Cluster) -> None:
    client = foreign(cluster)
    at = 1_700_000_000_000
    produced: list[dict[str, Any]] = [
        {"key": b"k", "value": b"not an event", "headers": [("a", b"1"), ("a", None), ("", b"")], "timestamp": at},
        {"key": b"k", "value": None, "headers": [], "timestamp": at + 1},
        {"key": None, "value": b"no key", "headers": [], "timestamp": at + 2, "partition": 3},
        {"key": b"", "value": b"", "headers": [], "timestamp": at + 3},
    ]
    for each in produced:
        client.produce(cluster.topic(PATENT), **each)
    client.flush()
    (copied, *others) = sorted(copy(cluster, target, 2), key=lambda topic: -topic.records)
    assert (copied.topic, copied.records, copied.unreadable, copied.left) == (PATENT, 4, 0, 0)
    assert not any(other.records for other in others)
    assert log_in_shape(target)[1] == Shape.of(2)
    found = records(target, PATENT)
    for each in produced:
        key = each["key"]
        there = found[3 % 2 if key is None else partition_of(key, 2)]
        (same,) = [record for record in there if record.timestamp == each["timestamp"]]
        headers = tuple((name.encode(), value) for name, value in each["headers"])
        assert (same.key, same.value, same.headers) == (key, each["value"], headers)


def test_events_of_a_subject_keep_their_order_across_partitions(cluster: Cluster, target: Cluster) -> None:
    """Before and after the topic is widened, a subject is on two partitions."""
    keys = [f"k{n}".encode() for n in range(200)]
    client = foreign(cluster)
    for round_, partitions in enumerate((4, 4, 6, 6)):
        if partitions == 6 and round_ == 2:
            widen(cluster, PATENT, 6)
            client = foreign(cluster)
        for key in keys:
            client.produce(cluster.topic(PATENT), str(round_).encode(), key, timestamp=1_700_000_000_000 + round_)
        client.flush()
    assert len(records(cluster, PATENT)) == 6
    copy(cluster, target)
    joined: dict[bytes | None, bytes] = {}
    for record in (record for there in records(target, PATENT).values() for record in there):
        joined[record.key] = joined.get(record.key, b"") + (record.value or b"")
    assert joined == dict.fromkeys(keys, b"0123")


def test_records_that_arrive_meanwhile_or_wait_are_counted(cluster: Cluster, target: Cluster) -> None:
    client = foreign(cluster)
    client.produce(cluster.topic(PATENT), b"first", b"k")
    client.flush()

    def one_more(done: int, whole: int) -> None:
        client.produce(cluster.topic(PATENT), b"late", b"k")
        client.flush()

    copied = {topic.topic: topic for topic in copy(cluster, target, progress=one_more)}
    assert (copied[PATENT].records, copied[PATENT].left) == (1, 1)


def test_no_record_is_copied_behind_others(cluster: Cluster, target: Cluster) -> None:
    client = foreign(cluster)
    client.produce(cluster.topic(PATENT), b"x", b"k")
    client.flush()
    copy(cluster, target)
    with pytest.raises(CopyNotEmpty, match=target.prefix):
        copy(cluster, target)
    assert sum(map(len, records(target, PATENT).values())) == 1


def test_a_topic_that_a_foreign_producer_created_is_copied_into_a_whole_log(
    brokers: str, prefix: str, target: Cluster
) -> None:
    """It has one partition, and the other topics are missing, so `topics create` refuses it."""
    cluster = Cluster(brokers, prefix)
    with administration(cluster) as admin:
        admin.create_topics({cluster.topic(PATENT): {"num_partitions": 1}}, wait_for_metadata=True)
    with pytest.raises(LogShapeDiffers):
        topics.create(cluster)
    client = foreign(cluster)
    for n in range(20):
        client.produce(cluster.topic(PATENT), b"x", f"k{n}".encode())
    client.flush()
    copied = {topic.topic: topic.records for topic in copy(cluster, target)}
    assert copied == dict.fromkeys(TOPICS, 0) | {PATENT: 20}
    assert log_in_shape(target)[1] == Shape()


def test_without_a_log_no_topic_is_created(brokers: str, prefix: str, target: Cluster) -> None:
    with pytest.raises(TopicMissing):
        copy(Cluster(brokers, prefix), target)
    with pytest.raises(TopicMissing):
        log_in_shape(target)
