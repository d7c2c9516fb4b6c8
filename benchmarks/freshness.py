"""The delay from publish to visible: a producer at a steady rate, the real worker, and a reader that polls."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from benchmarks.log import message, publish
from benchmarks.measure import apart
from benchmarks.processes import working
from benchmarks.truth import Events
from ledger.book import book as books
from ledger.book.book import Book
from ledger.processes import cores
from schemas.topics import TopicPartition
from streams.cluster import Cluster
from streams.producer import OnReceipt, Producer, Receipt

RATE = 1_000
POLL_SECONDS = 0.001
WARM_UP_SECONDS = 2
"""A new broker is slow until its code is compiled."""
PATIENCE_SECONDS = 60.0

Sent = dict[TopicPartition, list[tuple[int, float]]]
"""Offset and time of publishing of each event, by partition."""
Seen = list[tuple[float, dict[TopicPartition, int]]]
"""Times at which a change of the book was seen, each with the position of the book."""


def delays(cluster: Cluster, book: Path, events: Events) -> list[float]:
    """Return the seconds from publish to visible of each event, at RATE events a second, after WARM_UP_SECONDS."""
    first, rest = Events(events.seed, events.start, events.start + 1), Events(events.seed, events.start + 1, events.end)
    with working(cluster, book, cores()):
        publish(cluster, map(message, first))
        while not books.exists(book):
            sleep(0.05)
        with Book(book) as reader:
            _watch(reader, len(first))  # the group has formed
            sending = apart(_send, cluster, rest)
            seen = _watch(reader, len(events))
    sent = sending.result()
    warm = min(moment for moments in sent.values() for _, moment in moments) + WARM_UP_SECONDS
    steady = {
        topic_partition: [each for each in moments if each[1] >= warm] for topic_partition, moments in sent.items()
    }
    return [delay for topic_partition, moments in steady.items() for delay in _delays(topic_partition, moments, seen)]


def _send(cluster: Cluster, events: Events) -> Sent:
    """Publish events at a steady rate."""
    sent: dict[TopicPartition, list[tuple[int, float]]] = {}
    with Producer(cluster) as producer:
        began = monotonic()
        for number, value in enumerate(events):
            # `wait` would poll without a pause for less than a millisecond, and take a core from the worker
            sleep(max(0.0, began + number / RATE - monotonic()))
            producer.publish(value, _noted(sent, monotonic()))
    return sent


def _noted(sent: Sent, moment: float) -> OnReceipt:
    def note(receipt: Receipt) -> None:
        sent.setdefault((receipt.topic, receipt.partition), []).append((receipt.offset, moment))

    return note


def _watch(book: Book, events: int) -> Seen:
    """Poll the book and note its position at each change, until it has all events."""
    seen: Seen = []
    version, posted, deadline = 0, 0, monotonic() + PATIENCE_SECONDS + events / RATE
    while posted < events:
        assert monotonic() < deadline, f"{posted} of {events} events are in the book"
        (now,) = book.connection.execute("PRAGMA data_version").fetchone()
        if now == version:
            sleep(POLL_SECONDS)
            continue
        version = now
        rows = book.connection.execute("SELECT topic, partition, next FROM positions").fetchall()
        next_ = {(topic, partition): offset for topic, partition, offset in rows}
        seen.append((monotonic(), next_))
        posted = sum(next_.values())
    return seen


def _delays(topic_partition: TopicPartition, sent: list[tuple[int, float]], seen: Seen) -> Iterator[float]:
    nexts = [next_[topic_partition] for _, next_ in seen]
    for offset, moment in sent:
        yield seen[bisect_right(nexts, offset)][0] - moment
