"""The broker of a run, and logs on it: events published as they come, and floods of records that are refused."""

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
    """What is sent: to a topic by its plain name, with a key."""

    topic: str
    key: bytes
    value: bytes


@contextmanager
def brokers(directory: Path) -> Iterator[tuple[str, str]]:
    """Addresses and version: of the cluster that LEDGER_BROKERS names, else of one embedded for this run."""
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
    """Topics of their own, with nothing in them."""
    cluster = Cluster(address, f"bench{secrets.token_hex(3)}-")
    topics.create(cluster)
    return cluster


def message(value: bytes) -> Message:
    """A valid event on its way to its topic."""
    event = orjson.loads(value)
    return Message(EVENT_TYPES[event["type"]].topic, event["subject"].encode(), value)


def publish(cluster: Cluster, messages: Iterable[Message]) -> dict[TopicPartition, int]:
    """Send all of them, wait until they are in the log, and return where each partition ends then."""
    client = confluent_kafka.Producer(cluster.librdkafka(**_PRODUCER))
    ends: dict[TopicPartition, int] = {}

    def delivered(error: Any, message: Any) -> None:
        assert error is None, f"not delivered: {error}"
        place = (message.topic().removeprefix(cluster.prefix), message.partition())
        ends[place] = max(ends.get(place, 0), message.offset() + 1)

    for topic, key, value in messages:
        while True:
            try:
                client.produce(cluster.topic(topic), value, key, on_delivery=delivered)
                break
            except BufferError:
                client.poll(0.1)
    assert client.flush(60) == 0, "the broker did not take all of it"
    return ends


def flood(events: Iterable[bytes], each: int) -> Iterator[Message]:
    """The events, and before each of them `each` records that are refused, for one rule after the other."""
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
    lambda value: value.replace(b'"specversion":"1.0"', b'"specversion":"0.3"'),  # not our envelope
    lambda value: value.replace(b'"type":"ip.', b'"type":"unheard.of.'),  # an unknown type
    lambda value: value.replace(b'"data":{', b'"data":{"more":1,'),  # a field that is not known
    lambda value: value.replace(b'"subject":"', b'"subject":"X'),  # not its key
)
"""What producers do to events: one breakage for each of the rules up to `misrouted`."""
