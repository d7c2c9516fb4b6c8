"""Replay: a second book of the same log is the same book, at whatever position one stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from ledger.audit.compare import first_differences
from ledger.audit.replay import BeyondLog, replay
from ledger.audit.verify import verify
from ledger.book.book import Book, create
from ledger.book.errors import BookExists, LogIncomplete
from ledger.book.position import as_of_offsets, parse_position, position_text
from ledger.book.sink import BookSink
from schemas.topics import TOPICS
from streams.cluster import Cluster, identity
from streams.producer import Producer, publish_lines
from streams.reader import Reader
from streams.sources.synthetic import generate

EVENTS = 400


@pytest.fixture
def filled(cluster: Cluster) -> Cluster:
    with Producer(cluster) as producer:
        for _ in publish_lines(producer, generate(EVENTS, seed=5)):
            pass
    return cluster


def posted_in_small_steps(cluster: Cluster, path: Path) -> None:
    """A book made of batches of three, as a slow day brings them."""
    with Reader(cluster) as reader:
        bounds = reader.bounds(TOPICS)
        create(path, identity(cluster), dict.fromkeys(bounds, 0))
        with Book(path, writable=True) as book:
            sink = BookSink(book)
            for batch in reader.batches(bounds, size=3):
                sink.post(batch)


def test_a_second_book_equals_the_first_whatever_its_batches(filled: Cluster, tmp_path: Path) -> None:
    posted_in_small_steps(filled, tmp_path / "first.db")
    seen: list[tuple[int, int]] = []

    records = replay(filled, tmp_path / "second.db", progress=lambda done, whole: seen.append((done, whole)))

    assert records == EVENTS
    assert seen[-1] == (EVENTS, EVENTS)
    assert [file.name for file in tmp_path.glob("second.db*")] == ["second.db"], "no draft is left"
    assert first_differences(tmp_path / "first.db", tmp_path / "second.db")[2] == []


def test_replay_to_a_position_and_on(filled: Cluster, tmp_path: Path) -> None:
    said = "ip.patent.v1:0=11,ip.pledge.v1:3=7"
    replay(filled, tmp_path / "early.db", parse_position(said))
    with Book(tmp_path / "early.db") as book:
        positions = book.positions()
        assert as_of_offsets(positions) == {"ip.patent.v1": [11, 0, 0, 0], "ip.pledge.v1": [0, 0, 0, 7]}
        assert parse_position(position_text(positions)).items() >= parse_position(said).items()
    assert verify(filled, tmp_path / "early.db").verdict == "equal"


@pytest.mark.parametrize("said", ["ip.patent.v1:0=100000", "ip.pledge.v1:2=99999"])
def test_a_position_beyond_the_log_is_refused(filled: Cluster, tmp_path: Path, said: str) -> None:
    topic, _, rest = said.partition(":")
    with pytest.raises(BeyondLog, match=f"{topic}:{rest} lies outside the log"):
        replay(filled, tmp_path / "book.db", parse_position(said))
    assert not (tmp_path / "book.db").exists()


def test_an_existing_file_is_refused(filled: Cluster, tmp_path: Path) -> None:
    (tmp_path / "book.db").write_text("mine")
    with pytest.raises(BookExists):
        replay(filled, tmp_path / "book.db")
    assert (tmp_path / "book.db").read_text() == "mine"


def test_a_log_without_its_beginning(filled: Cluster, tmp_path: Path) -> None:
    trimmed = _trim(filled)
    with pytest.raises(LogIncomplete, match=f"{trimmed}:0 begins at offset 2"):
        replay(filled, tmp_path / "book.db")

    replay(filled, tmp_path / "book.db", from_earliest=True)

    verdict = verify(filled, tmp_path / "book.db")
    assert (verdict.verdict, verdict.differences) == ("incomplete", [])
    with Book(tmp_path / "book.db") as book:
        assert {p.first for p in book.positions() if (p.topic, p.partition) == (trimmed, 0)} == {2}


def test_a_log_that_lost_what_the_book_has(filled: Cluster, tmp_path: Path) -> None:
    replay(filled, tmp_path / "book.db")
    _trim(filled)
    verdict = verify(filled, tmp_path / "book.db")
    assert (verdict.verdict, verdict.records) == ("incomplete", 0)


def _trim(cluster: Cluster) -> str:
    """Delete the first two records of one partition; its topic."""

    topic = "ip.patent.v1"
    admin = AdminClient(cluster.librdkafka())
    (done,) = admin.delete_records([TopicPartition(cluster.topic(topic), 0, 2)]).values()
    done.result()
    return topic
