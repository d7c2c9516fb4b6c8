"""Replay: a second book of the same log equals the first, at any position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from multiprocessing import active_children
from pathlib import Path
from random import Random

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from ledger.audit.replay import replay
from ledger.audit.together import ReplayProcessLost, post_ranges
from ledger.audit.verify import verify
from ledger.book.book import Book, create_book
from ledger.book.errors import BeyondLog, BookExists, LogIncomplete
from ledger.book.position import as_of_offsets, parse_position, position_text
from ledger.book.sink import BookSink
from ledger.independent.fold import Log, PartitionLog
from schemas.topics import TOPICS, UNPACKED_BYTES
from streams.cluster import Cluster
from streams.log_identity import identity
from streams.producer import Producer, publish_lines
from streams.reader import LogRangeMissing, Reader
from streams.synthetic.pledges import generate_pledges
from tests.acceptance.judgement import assert_book_of, assert_true_to_the_log, log_of
from tests.books import compared
from tests.processes import Installation

EVENTS = 400


@pytest.fixture
def filled(cluster: Cluster) -> Cluster:
    with Producer(cluster) as producer:
        for _ in publish_lines(producer, generate_pledges(EVENTS, seed=5)):
            pass
    return cluster


def posted_in_small_steps(cluster: Cluster, path: Path) -> None:
    """Post the log in batches of three records, as on a slow day."""
    with Reader(cluster) as reader:
        bounds = reader.bounds(TOPICS)
        create_book(path, identity(cluster), dict.fromkeys(bounds, 0))
        with Book(path, writable=True) as book:
            sink = BookSink(book)
            for batch in reader.batches(
                {topic_partition: bound[:2] for topic_partition, bound in bounds.items()}, size=3
            ):
                sink.post(batch)


def test_a_second_book_equals_the_first_whatever_its_batches(filled: Cluster, tmp_path: Path) -> None:
    posted_in_small_steps(filled, tmp_path / "first.db")
    seen: list[tuple[int, int]] = []

    records = replay(filled, tmp_path / "second.db", progress=lambda done, whole: seen.append((done, whole)))

    assert records == EVENTS
    assert seen[-1] == (EVENTS, EVENTS)
    assert [file.name for file in tmp_path.glob("second.db*")] == ["second.db"], "no draft may be left"
    assert compared(tmp_path / "first.db", tmp_path / "second.db")[2] == []


def test_several_processes_build_the_same_book(filled: Cluster, tmp_path: Path) -> None:
    replay(filled, tmp_path / "first.db")
    seen: list[tuple[int, int]] = []

    records = replay(filled, tmp_path / "second.db", progress=lambda *step: seen.append(step), processes=3)

    assert records == EVENTS
    assert seen[-1] == (EVENTS, EVENTS)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["first.db", "second.db"]
    assert compared(tmp_path / "first.db", tmp_path / "second.db")[2] == []
    verdict = verify(filled, tmp_path / "second.db", processes=2)
    assert (verdict.verdict, verdict.records) == ("equal", EVENTS)


def test_a_process_of_a_replay_is_killed(filled: Cluster, tmp_path: Path) -> None:
    def kill(done: int, whole: int) -> None:
        for process in active_children():
            process.kill()

    with pytest.raises(ReplayProcessLost, match=r"ended with code -9 .*--processes 1"):
        replay(filled, tmp_path / "book.db", progress=kill, processes=2)
    assert list(tmp_path.iterdir()) == []
    assert active_children() == []


def test_an_error_in_a_process_of_a_replay_keeps_its_name(filled: Cluster, tmp_path: Path) -> None:
    replay(filled, tmp_path / "empty.db", {})
    with Reader(filled) as reader:
        ranges = {topic_partition: (0, bound.end + 5) for topic_partition, bound in reader.bounds(TOPICS).items()}
    with pytest.raises(LogRangeMissing, match="does not hold the offsets"):
        post_ranges(filled, UNPACKED_BYTES, tmp_path / "empty.db", ranges, lambda done, whole: None, 2)
    assert active_children() == []


def test_replay_to_a_position_and_on(filled: Cluster, tmp_path: Path) -> None:
    position = "ip.patent.v1:0=11,ip.pledge.v1:3=7"
    replay(filled, tmp_path / "early.db", parse_position(position))
    with Book(tmp_path / "early.db") as book:
        positions = book.positions()
        offsets_of = dict(as_of_offsets(positions))
        assert (offsets_of.pop("ip.patent.v1"), offsets_of.pop("ip.pledge.v1")) == ([11, 0, 0, 0], [0, 0, 0, 7])
        assert {offset for offsets in offsets_of.values() for offset in offsets} == {0}
        assert parse_position(position_text(positions)).items() >= parse_position(position).items()
    assert verify(filled, tmp_path / "early.db").verdict == "equal"


@pytest.mark.parametrize("position", ["ip.patent.v1:0=100000", "ip.pledge.v1:2=99999"])
def test_a_position_beyond_the_log_is_refused(filled: Cluster, tmp_path: Path, position: str) -> None:
    topic, _, rest = position.partition(":")
    with pytest.raises(BeyondLog, match=f"{topic}:{rest} is outside the log"):
        replay(filled, tmp_path / "book.db", parse_position(position))
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


# ---- the real command against the independent fold, on a log with all kinds of good and bad records


@pytest.fixture
def again(loaded: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Yield the log of `loaded` with the path of another book."""
    installation = Installation(loaded.cluster, tmp_path / "again.db")
    yield installation
    installation.close()


def test_a_replay_of_the_whole_log_equals_an_independent_fold(again: Installation) -> None:
    done = again.run("replay", "--book", str(again.book))
    assert (done.code, done.out) == (0, "")
    assert f"LEDGER_BOOK={again.book}" in done.err
    assert [path.name for path in again.book.parent.iterdir()] == [again.book.name]
    assert_true_to_the_log(again)


def test_a_worker_builds_the_same_book_as_a_replay(loaded: Installation, again: Installation) -> None:
    """P1: batches and the reader of the log leave no trace; only the book's id differs."""
    again.worker()
    again.wait_until_posted()
    counts, digest, differences, _ = compared(again.book, loaded.book)
    assert differences == []
    assert (counts, digest) == compared(loaded.book, loaded.book)[:2]
    ids = [installation.query("SELECT value FROM meta WHERE name = 'book_id'") for installation in (loaded, again)]
    assert ids[0] != ids[1]


def test_a_replay_up_to_any_position(loaded: Installation, again: Installation) -> None:
    log, chance = log_of(loaded.cluster), Random(5)
    for number in range(2):
        again.book = again.book.with_name(f"again-{number}.db")
        ends = {topic_partition: chance.randint(0, part.end) for topic_partition, part in log.items()}
        left_out = chance.choice(sorted(ends))
        position = ",".join(f"{t}:{p}={end}" for (t, p), end in ends.items() if (t, p) != left_out)
        assert again.run("replay", "--book", str(again.book), "--to", position).code == 0
        ends[left_out] = 0
        assert_book_of(again, _cut(log, ends))
        assert again.run("verify", "--json").json["verdict"] == "equal", "verify compares up to the book's own position"
        lags = {(p["topic"], p["partition"]): p["lag"] for p in again.run("status", "--json").json["partitions"]}
        assert lags == {topic_partition: log[topic_partition].end - end for topic_partition, end in ends.items()}


def _cut(log: Log, ends: Mapping[tuple[str, int], int]) -> Log:
    return {
        topic_partition: PartitionLog(
            part.first, ends[topic_partition], [record for record in part.records if record[0] < ends[topic_partition]]
        )
        for topic_partition, part in log.items()
    }


def _trim(cluster: Cluster) -> str:
    """Delete the first two records of one partition; return its topic."""
    topic = "ip.patent.v1"
    admin = AdminClient(cluster.librdkafka())
    (done,) = admin.delete_records([TopicPartition(cluster.topic(topic), 0, 2)]).values()
    done.result()
    return topic
