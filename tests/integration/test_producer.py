"""Published events are at the positions of their receipts and of Kafka's partitioner, byte for byte."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from functools import partial
from operator import setitem
from pathlib import Path

import confluent_kafka
import pytest

from schemas.codec import LARGEST_VALUE, Refusal
from schemas.topics import TOPICS, partition_of
from streams import topics
from streams.cluster import Cluster
from streams.producer import Producer, Receipt, publish_lines, uuid7
from streams.reader import Reader

EXAMPLE = Path(__file__).parents[2] / "examples" / "produce.py"


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    cluster = Cluster(brokers, prefix)
    topics.create(cluster)
    return cluster


def event(subject: str, reason: str = "repaid") -> bytes:
    """Return a valid event, a cancellation, serialised unlike our own serialiser."""
    content = {
        "data": {"reason": reason, "registration_no": "Y2023310000001", "occurred_on": "2023-05-04"},
        "specversion": "1.0",
        "id": uuid7(),
        "source": "urn:test",
        "type": "ip.pledge.cancelled.v1",
        "subject": subject,
        "time": "2023-05-04T10:00:00+08:00",
    }
    return json.dumps(content, indent=1).replace("\n", " ").encode()


def values(cluster: Cluster, receipts: list[Receipt]) -> list[bytes | None]:
    with Reader(cluster) as reader:
        records = [reader.record(*receipt) for receipt in receipts]
    return [record.value if record else None for record in records]


def test_records_are_in_the_partition_of_murmur2_of_the_subject(cluster: Cluster) -> None:
    chance = random.Random(7)
    letters = "abcXYZ019-/ 质押登记专利号上海浦东é😀"
    subjects = {"".join(chance.choices(letters, k=chance.randint(1, 30))) for _ in range(500)}
    where: dict[str, Receipt] = {}
    with Producer(cluster) as producer:
        for subject in subjects:
            producer.publish(event(subject), partial(setitem, where, subject))
    partitions = TOPICS["ip.pledge.v1"].partitions
    assert {subject: receipt.partition for subject, receipt in where.items()} == {
        subject: partition_of(subject.encode(), partitions) for subject in subjects
    }
    assert {receipt.partition for receipt in where.values()} == set(range(partitions))
    assert len(set(where.values())) == len(subjects)


def test_a_record_is_the_callers_bytes_the_subject_and_the_content_type(cluster: Cluster) -> None:
    value, receipts = event("质押一"), list[Receipt]()
    with Producer(cluster) as producer:
        producer.publish(value, receipts.append)
    (receipt,) = receipts
    consumer = confluent_kafka.Consumer(cluster.librdkafka(**{"group.id": "test"}))
    topic_partition = confluent_kafka.TopicPartition(cluster.topic(receipt.topic), receipt.partition, receipt.offset)
    consumer.assign([topic_partition])
    (message,) = consumer.consume(1, 30)
    consumer.close()
    assert (message.key(), message.value()) == ("质押一".encode(), value)
    assert message.headers() == [("content-type", b"application/cloudevents+json")]


def test_topics_that_are_created_after_a_producer_opened_take_its_events(brokers: str, prefix: str) -> None:
    new, receipts = Cluster(brokers, prefix), list[Receipt]()
    with Producer(new) as producer:
        topics.create(new)
        producer.publish(event("x"), receipts.append)
    assert [receipt.topic for receipt in receipts] == ["ip.pledge.v1"]


def test_invalid_lines_are_named_and_the_others_are_at_the_positions_of_their_receipts(cluster: Cluster) -> None:
    lines = [event(f"P{number}") for number in range(3000)]
    bad = {number: b'{"number": %d}' % number for number in range(7, 3000, 100)}
    for number, line in bad.items():
        lines[number] = line
    with Producer(cluster) as producer:
        answers = list(publish_lines(producer, [line + b"\r\n" for line in lines]))
    assert [number for number, _ in answers] == list(range(1, 3001))
    refused = {n - 1: answer.rule.label for n, answer in answers if isinstance(answer, Refusal)}
    assert refused == dict.fromkeys(bad, "bad_envelope")
    receipts = [(n - 1, answer) for n, answer in answers if isinstance(answer, Receipt)]
    some = receipts[::300]
    assert values(cluster, [receipt for _, receipt in some]) == [lines[n] for n, _ in some]


def test_events_of_one_subject_keep_their_order(cluster: Cluster) -> None:
    receipts: list[Receipt] = []
    with Producer(cluster) as producer:
        for _ in range(2000):
            producer.publish(event("P1"), receipts.append)
    assert [receipt.offset for receipt in receipts] == list(range(2000))


def test_the_largest_event_goes_through_and_a_larger_one_is_refused(cluster: Cluster) -> None:
    # Random text, because the broker's limit is on compressed bytes.
    chance = random.Random(3)
    padding = "".join(chance.choices("0123456789abcdef", k=2000))
    assets = [{"id": f"{n}{padding[n : n + 50]}", "right": "invention"} for n in range(4000)]
    content = json.loads(event("P1")) | {
        "type": "ip.pledge.registered.v1",
        "extension": "".join(chance.choices("0123456789abcdefghijklmnopqrstuvwxyz", k=600_000)),
        "data": {
            "occurred_on": "2023-05-04",
            "registration_no": "Y2023310000001",
            "pledgors": [{"name": "上海某某科技有限公司"}],
            "pledgees": [{"name": "Bank of Shanghai"}],
            "assets": assets,
            "amount_status": "undisclosed",
        },
    }
    compact = json.dumps(content).encode()
    largest = compact.ljust(LARGEST_VALUE)
    assert len(largest) == LARGEST_VALUE
    with Producer(cluster) as producer:
        (_, receipt), (_, refusal) = publish_lines(producer, [largest, largest + b" "])
    assert isinstance(refusal, Refusal)
    assert refusal.rule.label == "too_large"
    assert isinstance(receipt, Receipt)
    assert values(cluster, [receipt]) == [largest]


def test_the_example_publishes_one_event(cluster: Cluster) -> None:
    environment = os.environ | {"LEDGER_BROKERS": cluster.brokers, "LEDGER_TOPIC_PREFIX": cluster.prefix}
    done = subprocess.run(
        [sys.executable, EXAMPLE], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == f"{Receipt('ip.patent.v1', partition_of(b'US10000000B2', 4), 0)}\n"
    assert done.stderr == ""
