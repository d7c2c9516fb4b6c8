"""Publishing rejections: which are sent, from which offsets on, and how progress is kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from ledger import publishing
from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.publishing import RejectionPublisher, publish
from schemas.topics import TOPICS, TopicPartition
from schemas.wording import Reason
from streams.batch import Batch, Record
from streams.cluster import BrokerUnavailable, Cluster
from streams.rejections import KeyValueHeaders, RejectionTopic
from tests.events import PATENT, PLEDGE, money, partition, registered, value_of

HOME = (PLEDGE, partition("P1"))
OTHER = (PATENT, 0)
VALUES = [value_of(registered()), b"\xff", value_of(registered(secured=money("7"))), None, b"{", b"}"]


class MemoryTopic:
    """A topic in memory; it can fail before it keeps the offsets, as a killed process does."""

    def __init__(self) -> None:
        self.records: list[KeyValueHeaders] = []
        self.offsets: dict[TopicPartition, int] = {}
        self.fails_to_commit = False

    def sent(self, topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return {topic_partition: self.offsets.get(topic_partition, 0) for topic_partition in topic_partitions}

    def send(self, records: Iterable[KeyValueHeaders]) -> None:
        self.records += records

    def keep(self, reached: Mapping[TopicPartition, int]) -> None:
        if self.fails_to_commit:
            raise KeyboardInterrupt
        self.offsets |= reached

    def places(self) -> list[str]:
        return [dict(headers)["place"].decode() for _, _, headers in self.records]


@pytest.fixture
def topic() -> MemoryTopic:
    return MemoryTopic()


@pytest.fixture
def filled(book: Book) -> Book:
    sink = BookSink(book)
    records = [Record(i, 10, b"P1", value) for i, value in enumerate(VALUES)]
    sink.post(Batch(*HOME, 0, len(records), records))
    sink.post(
        Batch(
            *OTHER,
            0,
            42,
            [Record(0, 10, None, b"bytes", fault=Reason("batch_form", {}), offsets=40)],
        )
    )
    return book


def out(
    book: Book, topic: MemoryTopic, topic_partitions: Collection[TopicPartition] | None = None, *, again: bool = False
) -> int:
    return publish(book, cast(RejectionTopic, topic), topic_partitions, again=again).published


def at(topic_partition: TopicPartition, *offsets: int) -> list[str]:
    return [f"{topic_partition[0]}:{topic_partition[1]}={offset}" for offset in offsets]


ALL = [*at(OTHER, 0), *at(HOME, 1, 2, 3, 4, 5)]


def test_each_rejection_is_sent_once_in_the_order_of_its_partition(filled: Book, topic: MemoryTopic) -> None:
    assert out(filled, topic) == 6
    assert topic.places() == ALL
    assert topic.offsets[HOME] == 6
    assert topic.offsets[OTHER] == 42
    assert out(filled, topic) == 0
    BookSink(filled).post(Batch(*HOME, 6, 8, [Record(6, 10, b"P1", VALUES[0]), Record(7, 10, b"P1", b"more")]))
    assert out(filled, topic) == 1
    assert topic.places()[6:] == at(HOME, 7)


def test_a_rejection_names_rule_source_and_position(filled: Book, topic: MemoryTopic) -> None:
    out(filled, topic)
    rows: list[Any] = [json.loads(value) for _, value, _ in topic.records]
    assert [row["rule"] for row in rows] == ["unreadable", "not_utf8", "conflict", "empty", "not_json", "not_json"]
    unreadable, _, conflict, *_ = rows
    assert (unreadable["offsets"], unreadable["source"], unreadable["key"]) == (40, None, None)
    assert (conflict["outcome"], conflict["offsets"], conflict["key"], conflict["path"]) == ("conflict", 1, "P1", "id")
    event = json.loads(VALUES[2] or b"")
    assert [conflict[name] for name in ("id", "source", "subject")] == [
        event[name] for name in ("id", "source", "subject")
    ]
    assert topic.records[2][0] == event["source"].encode()


@pytest.mark.parametrize("page", [1, 2, 5, 6])
def test_pages_omit_nothing_and_repeat_nothing(
    filled: Book, topic: MemoryTopic, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    sql = publishing.PAGE_FROM.replace(f"LIMIT {publishing.PAGE}", f"LIMIT {page}")
    assert sql != publishing.PAGE_FROM
    monkeypatch.setattr(publishing, "PAGE_FROM", sql)
    assert out(filled, topic) == 6
    assert topic.places() == ALL


def test_again_sends_the_same_bytes_and_keeps_the_offsets(filled: Book, topic: MemoryTopic) -> None:
    out(filled, topic)
    before = dict(topic.offsets)
    assert out(filled, topic, again=True) == 6
    assert topic.records[:6] == topic.records[6:]
    assert topic.offsets == before


def test_a_process_killed_before_it_keeps_its_offsets_sends_the_same_again(filled: Book, topic: MemoryTopic) -> None:
    topic.fails_to_commit = True
    with pytest.raises(KeyboardInterrupt):
        out(filled, topic)
    topic.fails_to_commit = False
    once = list(topic.records)
    assert once
    assert out(filled, topic) == 6
    assert topic.records[len(once) :][: len(once)] == once


def test_a_worker_sends_the_rejections_of_its_partitions(filled: Book, topic: MemoryTopic) -> None:
    assert out(filled, topic, {OTHER}) == 1
    assert topic.offsets == {OTHER: 42}
    assert out(filled, topic, set()) == 0
    assert out(filled, topic) == 5


def test_a_book_behind_the_sent_offsets_keeps_them(filled: Book, topic: MemoryTopic) -> None:
    topic.offsets[HOME] = 100
    assert out(filled, topic) == 1
    assert topic.offsets[HOME] == 100


def test_publishing_returns_the_position_of_the_book(filled: Book, topic: MemoryTopic) -> None:
    positions = publish(filled, cast(RejectionTopic, topic)).positions
    assert positions == filled.positions()
    assert {position.topic for position in positions} == TOPICS.keys()


def test_a_fault_is_logged_once_and_retried(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, tries = Event(), []

    def away(cluster: Cluster, group: str) -> RejectionTopic:
        tries.append(group)
        if len(tries) == 5:
            stop.set()
        raise BrokerUnavailable(brokers=cluster.brokers, reason="they are away")

    monkeypatch.setattr(publishing, "RejectionTopic", away)
    monkeypatch.setattr(publishing, "_LOOK_SECONDS", 0.001)
    monkeypatch.setattr(publishing, "LONGEST_WAIT", 0.001)
    with capture_logs() as lines:
        RejectionPublisher(Cluster("127.0.0.1:1"), book.path, "a group", set, stop).run()
    assert len(tries) == 5
    ((line),) = lines
    assert (line["event"], line["error"]) == ("rejections not published", "BrokerUnavailable")
    assert "they are away" in line["message"]


def test_an_unreadable_book_does_not_end_the_publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, waits = Event(), []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 10:
            stop.set()
        return stop.is_set()

    monkeypatch.setattr(stop, "wait", wait)
    with capture_logs() as lines:
        RejectionPublisher(Cluster("127.0.0.1:1"), tmp_path / "none.db", "a group", set, stop).run()
    assert [line["error"] for line in lines] == ["BookUnavailable"]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
