"""The broker of a run, and logs on it: published events, and floods of bad records."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import confluent_kafka
import orjson

from schemas.events import EVENT_TYPES
from schemas.topics import TopicPartition
from streams import broker, topics
from streams.cluster import Cluster

_PRODUCER = {
    "enable.idempotence": True,
    "partitioner": "murmur2_random",
    "compression.type": "zstd",
    "linger.ms": 5,
    "queue.buffering.max.messages": 100_000,
}


class Message(NamedTuple):
    """A message to send to a topic (plain name), with a key."""

    topic: str
    key: bytes
    value: bytes


@contextmanager
def brokers(directory: Path) -> Iterator[tuple[str, str]]:
    """Yield addresses and version of the cluster in LEDGER_BROKERS, or of one embedded for this run."""
    if named := os.environ.get("LEDGER_BROKERS"):
        yield named, "the one that LEDGER_BROKERS names"
        return
    try:
        status = broker.start(directory)
        assert status.address is not None
        yield status.address, str(status.version)
    finally:
        broker.stop(directory)


def new_log(address: str) -> Cluster:
    """Create new, empty topics."""
    cluster = Cluster(address, f"bench{secrets.token_hex(3)}-")
    topics.create(cluster)
    return cluster


def message(value: bytes) -> Message:
    """Return the message of a valid event."""
    event = orjson.loads(value)
    return Message(EVENT_TYPES[event["type"]].topic, event["subject"].encode(), value)


def publish(cluster: Cluster, messages: Iterable[Message]) -> dict[TopicPartition, int]:
    """Send messages, wait until they are in the log, and return the end of each partition."""
    client = confluent_kafka.Producer(cluster.librdkafka(**_PRODUCER))
    ends: dict[TopicPartition, int] = {}

    def delivered(error: Any, message: Any) -> None:
        assert error is None, f"not delivered: {error}"
        topic_partition = (message.topic().removeprefix(cluster.prefix), message.partition())
        ends[topic_partition] = max(ends.get(topic_partition, 0), message.offset() + 1)

    for topic, key, value in messages:
        while True:
            try:
                client.produce(cluster.topic(topic), value, key, on_delivery=delivered)
                break
            except BufferError:
                client.poll(0.1)
    assert client.flush(60) == 0, "the broker did not accept all messages"
    return ends


def flood(events: Iterable[bytes], each: int) -> Iterator[Message]:
    """Yield the events, each after `each` bad records, which break one rule after the other."""
    number = 0
    for value in events:
        good = message(value)
        for _ in range(each):
            yield good._replace(value=_BROKEN[number % len(_BROKEN)](value))
            number += 1
        yield good


_BROKEN = (
    lambda value: b"",
    lambda value: value + b"\xff",  # not UTF-8
    lambda value: value[:-1],  # not JSON
    lambda value: value.replace(b'"specversion":"1.0"', b'"specversion":"0.3"'),  # a wrong envelope
    lambda value: value.replace(b'"type":"ip.', b'"type":"unheard.of.'),  # an unknown type
    lambda value: value.replace(b'"data":{', b'"data":{"more":1,'),  # an unknown field
    lambda value: value.replace(b'"subject":"', b'"subject":"X'),  # a subject that is not the key
)
"""Mistakes of producers: one for each rule up to `misrouted`."""
