"""The archive of a log: the same files from any number of runs; a book and a log of it; what it refuses."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import confluent_kafka
import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from ledger.archive import writing
from ledger.archive.errors import (
    ArchiveGap,
    ArchiveOfOtherLog,
    LogNotEmpty,
    NoArchive,
    NotAnArchive,
    SegmentDamaged,
)
from ledger.archive.manifest import Manifest, Segment, read_manifest
from ledger.archive.restoring import restore_book, restore_log
from ledger.archive.writing import archive, check_archive
from ledger.audit.replay import replay
from ledger.audit.verify import verify
from ledger.book.book import Book
from ledger.book.errors import BeyondLog, BookExists, LogIncomplete
from ledger.queries.totals import totals
from schemas.topics import TOPICS, partition_of
from streams.cluster import Cluster
from streams.producer import Producer, publish_lines
from streams.reader import Reader
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import compared
from tests.events import PLEDGE, registered, value_of
from tests.processes import Installation, wait_until
from tests.record_batches import CODECS, batch, produce, record

EVENTS = 600


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SEGMENT", 16)


@pytest.fixture
def filled(cluster: Cluster) -> Cluster:
    """Return a log of every type of event, with records that the ledger refuses."""
    producer = confluent_kafka.Producer(cluster.librdkafka(**{"message.max.bytes": 10**8, "compression.type": "zstd"}))
    for topic, partition, key, value in noisy_records(EVENTS, 6, generate_all):
        producer.produce(cluster.topic(topic), value, key, partition)
        producer.poll(0)
    producer.flush()
    return cluster


def ends_of(cluster: Cluster) -> dict[tuple[str, int], int]:
    with Reader(cluster) as reader:
        return {topic_partition: bound.end for topic_partition, bound in reader.bounds(TOPICS).items()}


def trim(cluster: Cluster, before: Mapping[tuple[str, int], int]) -> None:
    """Delete the records before these offsets."""
    client = AdminClient(cluster.librdkafka())
    gone = [TopicPartition(cluster.topic(topic), partition, offset) for (topic, partition), offset in before.items()]
    for answer in client.delete_records(gone).values():
        answer.result()


def files(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def test_steps_and_interruptions_give_the_same_files(filled: Cluster, tmp_path: Path) -> None:
    whole = archive(filled, tmp_path / "one")
    assert whole.ends == {topic_partition: end for topic_partition, end in ends_of(filled).items() if end}
    assert len(whole.segments) > len(whole.ends)
    for part in (5, 3, 2):
        archive(
            filled, tmp_path / "two", {topic_partition: end // part for topic_partition, end in ends_of(filled).items()}
        )

    def stop(done: int, whole: int) -> None:
        if done > whole / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive(filled, tmp_path / "two", progress=stop)
    assert read_manifest(tmp_path / "two").segments != whole.segments
    again = archive(filled, tmp_path / "two")
    assert again == whole
    assert files(tmp_path / "two") == files(tmp_path / "one")
    assert check_archive(tmp_path / "two").root == whole.root
    assert archive(filled, tmp_path / "one") == whole, "nothing is left to do"


def test_a_book_of_an_archive_is_a_replay_of_the_log(filled: Cluster, tmp_path: Path) -> None:
    to = {topic_partition: end * 2 // 3 for topic_partition, end in ends_of(filled).items()}
    archive(filled, tmp_path / "archive", to)
    replay(filled, tmp_path / "replayed.db", to)
    restore_book(tmp_path / "archive", tmp_path / "restored.db")
    assert compared(tmp_path / "replayed.db", tmp_path / "restored.db").differences == []
    assert verify(filled, tmp_path / "restored.db").verdict == "equal"
    with pytest.raises(BookExists):
        restore_book(tmp_path / "archive", tmp_path / "restored.db")


@pytest.mark.parametrize("partitions", [None, 3, 1])
def test_a_log_of_an_archive_has_the_same_figures(
    filled: Cluster, tmp_path: Path, partitions: int | None, brokers: str
) -> None:
    whole = archive(filled, tmp_path / "archive")
    replay(filled, tmp_path / "before.db")
    target = Cluster(brokers, f"r{secrets.token_hex(3)}-")
    found = restore_log(tmp_path / "archive", target, partitions)
    assert {row.partitions for row in found} == {partitions or 4, 1}
    misrouted = sum(row.misrouted for row in found)
    assert (misrouted > 0) == (partitions == 1)
    assert sum(row.records for row in found) == sum(one.records for one in whole.segments) - misrouted
    replay(target, tmp_path / "after.db")
    with Book(tmp_path / "before.db") as before, Book(tmp_path / "after.db") as after:
        for by in (("industry", "year"), ("region",)):
            assert totals(before, by=by).shown == totals(after, by=by).shown
        refused = [sum(position.rejected for position in book.positions()) for book in (before, after)]
        assert refused[0] - refused[1] == misrouted
        outcomes = [
            Counter(
                {
                    name: sum(getattr(p, name) for p in book.positions())
                    for name in ("accepted", "duplicate", "conflict")
                }
            )
            for book in (before, after)
        ]
        assert outcomes[0] == outcomes[1]
        if partitions is None:
            assert [p[2:] for p in before.positions()] == [p[2:] for p in after.positions()]
    with pytest.raises(LogNotEmpty, match="already holds records"):
        restore_log(tmp_path / "archive", target, partitions)


def test_a_gap_is_named_and_never_jumped(filled: Cluster, tmp_path: Path) -> None:
    ends = ends_of(filled)
    (topic, partition), _ = max(ends.items(), key=lambda item: item[1])
    archive(filled, tmp_path / "archive", {(topic, partition): 5})
    kept = files(tmp_path / "archive")
    trim(filled, {(topic, partition): 9})
    with pytest.raises(ArchiveGap, match=rf"\[5, 9\) of {topic}:{partition}, which the archive"):
        archive(filled, tmp_path / "archive")
    assert files(tmp_path / "archive") == kept
    with pytest.raises(LogIncomplete):
        archive(filled, tmp_path / "late")
    late = archive(filled, tmp_path / "late", from_earliest=True)
    assert late.firsts[topic, partition] == 9
    with pytest.raises(LogIncomplete):
        restore_book(tmp_path / "late", tmp_path / "late.db")
    restore_book(tmp_path / "late", tmp_path / "late.db", from_earliest=True)
    replay(filled, tmp_path / "rest.db", from_earliest=True)
    assert compared(tmp_path / "late.db", tmp_path / "rest.db").differences == []


def test_the_records_of_a_trimmed_log_stay_in_the_archive(filled: Cluster, tmp_path: Path) -> None:
    replay(filled, tmp_path / "before.db")
    archive(filled, tmp_path / "archive")
    trim(filled, ends_of(filled))
    with Producer(filled) as producer:
        assert all(publish_lines(producer, generate_all(40, 99)))
    archive(filled, tmp_path / "archive")
    restore_book(tmp_path / "archive", tmp_path / "after.db")
    with Book(tmp_path / "before.db") as before, Book(tmp_path / "after.db") as after:
        was, now = (sum(position.next for position in book.positions()) for book in (before, after))
        assert now == was + 40
    assert verify(filled, tmp_path / "after.db").verdict == "incomplete"


def test_another_log_and_other_directories_are_refused(filled: Cluster, tmp_path: Path, brokers: str) -> None:
    archive(filled, tmp_path / "archive")
    target = Cluster(brokers, f"r{secrets.token_hex(3)}-")
    restore_log(tmp_path / "archive", target)
    with pytest.raises(ArchiveOfOtherLog, match="the ids of its topics was"):
        archive(target, tmp_path / "archive")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear auditor")
    with pytest.raises(NotAnArchive, match="it holds other files"):
        archive(filled, tmp_path / "mine")
    with pytest.raises(NoArchive):
        restore_book(tmp_path / "mine", tmp_path / "book.db")
    with pytest.raises(BeyondLog):
        archive(filled, tmp_path / "archive", {("ip.pledge.v1", 0): 10**9})


def test_a_changed_file_is_named(filled: Cluster, tmp_path: Path) -> None:
    found = archive(filled, tmp_path / "archive")
    one, other = _two_of_a_topic(found)
    one.path(tmp_path / "archive").write_bytes(other.path(tmp_path / "archive").read_bytes())
    with pytest.raises(SegmentDamaged, match=one.sha256):
        check_archive(tmp_path / "archive")
    with pytest.raises(SegmentDamaged):
        restore_book(tmp_path / "archive", tmp_path / "book.db")
    assert not (tmp_path / "book.db").exists()
    one.path(tmp_path / "archive").unlink()
    with pytest.raises(SegmentDamaged, match="No such file"):
        check_archive(tmp_path / "archive")
    found = archive(filled, tmp_path / "other")
    manifest = tmp_path / "other" / "archive.json"
    manifest.write_text(manifest.read_text().replace(str(found.segments[-1].last_hash), "0" * 64))
    with pytest.raises(SegmentDamaged, match="the manifest has another one"):
        check_archive(tmp_path / "other")
    manifest.write_text("[" * 100_000)
    with pytest.raises(NotAnArchive):
        check_archive(tmp_path / "other")
    manifest = tmp_path / "archive" / "archive.json"
    manifest.write_text(manifest.read_text().replace(one.sha256, other.sha256))
    with pytest.raises(NotAnArchive, match="its root is not that of its log"):
        check_archive(tmp_path / "archive")


def _two_of_a_topic(found: Manifest) -> tuple[Segment, Segment]:
    topic_partition = next(topic_partition for topic_partition in found.ends if len(found.of(topic_partition)) > 1)
    return found.of(topic_partition)[0], found.of(topic_partition)[1]


@pytest.mark.parametrize(("partitions", "left_out", "refused"), [(1, 1, set()), (3, 0, {"misrouted"})])
def test_what_was_refused_stays_refused_in_another_shape(
    installation: Installation, tmp_path: Path, partitions: int, left_out: int, refused: set[str]
) -> None:
    home, (number, pack) = partition_of(b"P1", 4), CODECS["gzip"]
    garbled = batch(pack(record(0, b"P1", b"{}")) + b"trailing", 1, number)
    misplaced = batch(record(0, b"P1", value_of(registered("r2"))), 1)
    for topic_partition, content in ((home, batch(record(0, b"P1", value_of(registered())), 1)), (home, garbled)):
        produce(installation.cluster.brokers, installation.cluster.topic(PLEDGE), topic_partition, content)
    produce(installation.cluster.brokers, installation.cluster.topic(PLEDGE), (home + 1) % 4, misplaced)
    directory, prefix = str(tmp_path / "archive"), f"r{secrets.token_hex(3)}-"
    assert installation.run("archive", directory).code == 0
    log = installation.run(
        "restore", directory, "--log", "--partitions", str(partitions), "--json", LEDGER_TOPIC_PREFIX=prefix
    )
    assert log.code == 1
    assert f"Left out: unreadable batches: 1; misrouted records: {left_out}." in log.err
    (row,) = [row for row in log.json["topics"] if row["topic"] == PLEDGE]
    assert (row["records"], row["unreadable"], row["misrouted"]) == (2 - left_out, 1, left_out)
    old = Installation(installation.cluster, tmp_path / "old.db")
    new = Installation(replace(installation.cluster, prefix=prefix), tmp_path / "new.db")
    assert old.run("restore", directory, "--book", str(old.book)).code == 0
    assert new.run("replay", "--book", str(new.book)).code == 0
    assert _rules(old) == {"unreadable", "misrouted"}
    assert _rules(new) == refused
    assert old.run("totals", "--json").json["rows"] == new.run("totals", "--json").json["rows"] != []


def _rules(installation: Installation) -> set[str]:
    return {row["rule"] for row in installation.run("rejections", "list", "--json").json["rows"]}


@pytest.mark.parametrize("complete", [1, 4])
def test_a_killed_archive_is_continued(installation: Installation, tmp_path: Path, complete: int) -> None:
    events = installation.run("generate", "--events", "4000", "--seed", "2").out.encode()
    assert installation.run("publish", "-", given=events).code == 0
    killed = tmp_path / "killed"
    process = installation.service("archive", str(killed))
    wait_until(lambda: len([*killed.rglob("*.seg.gz")]) >= complete, lambda: process.output)
    process.kill()
    assert installation.run("archive", str(killed)).code == 0
    assert installation.run("archive", str(tmp_path / "whole")).code == 0
    assert files(killed) == files(tmp_path / "whole")
    assert installation.run("archive", str(killed), "--check").code == 0


def test_a_file_in_the_way_is_named(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("dear auditor")
    done = installation.run("archive", str(tmp_path / "file" / "archive"))
    assert done.code == 69
    assert "ArchiveUnwritable" in done.err


def test_the_commands(installation: Installation, tmp_path: Path) -> None:
    assert installation.run("generate", "--events", "50", "--seed", "1").out
    events = installation.run("generate", "--events", "50", "--seed", "1").out.encode()
    assert installation.run("publish", "-", given=events).code == 0
    made = installation.run("archive", str(tmp_path / "archive"), "--json")
    assert made.code == 0, made.err
    assert installation.run("archive", "--check", "--json", LEDGER_ARCHIVE=str(tmp_path / "archive")).json == made.json
    book = installation.run("restore", str(tmp_path / "archive"), "--book", str(tmp_path / "again.db"), "--json")
    assert (book.code, book.json["root"]) == (0, made.json["root"])
    assert installation.run("verify", LEDGER_BOOK=str(tmp_path / "again.db")).code == 0
    prefix = f"r{secrets.token_hex(3)}-"
    log = installation.run(
        "restore", str(tmp_path / "archive"), "--log", "--partitions", "2", LEDGER_TOPIC_PREFIX=prefix
    )
    assert log.code == 0, log.err
    there = Installation(replace(installation.cluster, prefix=prefix), tmp_path / "there.db")
    assert there.run("replay", "--book", str(there.book)).code == 0
    assert "WhichTarget" in installation.run("restore", str(tmp_path / "archive")).err
    assert "WhichArchive" in installation.run("archive").err
