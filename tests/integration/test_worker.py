"""The worker recognises its log (P9): whatever was done to it is named, exit code 70, and the book is as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import confluent_kafka
import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from structlog.testing import capture_logs

from ledger.audit.replay import replay
from ledger.log_watch import LogWatch
from ledger.worker import open_or_create
from schemas.topics import TOPICS
from streams import topics
from streams.cluster import Cluster, identity
from streams.synthetic.pledges import generate
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import record_of, send
from tests.events import PATENT, PLEDGE
from tests.platform import configure, widen
from tests.processes import WATCHFUL, Installation, wait_until
from tests.record_batches import CODECS, batch, produce, record

PLACE = ("ip.patent.v1", 0)
"""The first partition that the book lists, so the first one that a worker complains about."""


@pytest.fixture
def posted(installation: Installation) -> Installation:
    """A log of some records in every partition, and a book that has them all."""
    publish(installation.cluster, 200, seed=1)
    replay(installation.cluster, installation.book)
    return installation


def publish(cluster: Cluster, events: int, seed: int) -> None:
    records = [record_of(value) for value in generate(events, seed)]
    assert {(record.topic, record.partition) for record in records} == {
        (t, p) for t in (PLEDGE, PATENT) for p in range(4)
    }
    send(cluster, confluent_kafka.Producer(cluster.librdkafka()), records)


def trim(installation: Installation, offset: int) -> None:
    """Take away the records of `PLACE` below an offset, as retention does."""
    place = TopicPartition(installation.cluster.topic(PLACE[0]), PLACE[1], offset)
    admin = AdminClient(installation.cluster.librdkafka())
    (answer,) = admin.delete_records([place]).values()
    assert answer.result(60).low_watermark == offset


def make_topics_anew(installation: Installation) -> None:
    names = [installation.cluster.topic(name) for name in TOPICS]
    admin = AdminClient(installation.cluster.librdkafka())
    for answer in admin.delete_topics(names).values():
        answer.result(60)
    wait_until(lambda: not set(names) & set(admin.list_topics(timeout=60).topics), lambda: "the topics are there")
    topics.create(installation.cluster)


def change(installation: Installation, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(installation.book)) as connection, connection:
        assert connection.execute(sql, values).rowcount > 0


def take_for_the_same(installation: Installation) -> None:
    """As if the new topics had the ids of the old ones: what is in them has to tell."""
    for name, topic_id in identity(installation.cluster).topic_ids.items():
        change(installation, "UPDATE meta SET value = ? WHERE name = ?", topic_id, f"topic_id:{name}")


def content(installation: Installation) -> list[str]:
    with closing(sqlite3.connect(installation.book)) as connection:
        return list(connection.iterdump())


# ---- what befalls the log, and the words that name it


def trimmed_above(installation: Installation) -> str:
    """Log trimmed above the book, before the start"""
    end = installation.next_offsets()[PLACE]
    publish(installation.cluster, 200, seed=2)
    trim(installation, end + 3)
    return f"LogTrimmed: ip.patent.v1:0 begins at offset {end + 3}, .* the records [{end}, {end + 3}) are gone"


def trimmed_to_the_end(installation: Installation) -> str:
    """Log trimmed to the end of the book: its last record is gone"""
    end = installation.next_offsets()[PLACE]
    trim(installation, end)
    return f"LogUnrecognised: The last record that the book posted, ip.patent.v1:0={end - 1}, is gone"


def made_anew(installation: Installation) -> str:
    """Topics made anew with the same records, before the start"""
    make_topics_anew(installation)
    publish(installation.cluster, 200, seed=1)
    return "OtherLog: .* the id of ip.p"


def another_cluster(installation: Installation) -> str:
    """Another cluster answers at the start (by its id)"""
    change(installation, "UPDATE meta SET value = 'another' WHERE name = 'cluster_id'")
    return "OtherLog: .* the cluster id was another, now it is "


def written_anew(installation: Installation) -> str:
    """Log written anew under the same topic ids, longer than it was"""
    make_topics_anew(installation)
    publish(installation.cluster, 300, seed=2)
    take_for_the_same(installation)
    return f"LogChanged: The record at ip.patent.v1:0={installation.next_offsets()[PLACE] - 1} is not the one"


def rewound(installation: Installation) -> str:
    """Log rewound: shorter than the book, under the same topic ids"""
    make_topics_anew(installation)
    publish(installation.cluster, 100, seed=1)
    take_for_the_same(installation)
    end, next_ = installation.ends()[PLACE], installation.next_offsets()[PLACE]
    return f"LogRewound: ip.patent.v1:0 ends at offset {end}, .* the log lost [{end}, {next_})"


def more_partitions(installation: Installation) -> str:
    """More partitions of a topic, before the start"""
    widen(installation.cluster, "ip.pledge.v1", 6)
    return "LogShapeDiffers: .*ip.pledge.v1 has 6 partitions instead of 4"


def deleted(installation: Installation) -> str:
    """A topic deleted, before the start"""
    name = installation.cluster.topic(PLACE[0])
    admin = AdminClient(installation.cluster.librdkafka())
    admin.delete_topics([name])[name].result(60)
    wait_until(lambda: name not in admin.list_topics(timeout=60).topics, lambda: f"{name} is there")
    return f"OtherLog: .* the topic {name} was there, now it is gone"


def compacted(installation: Installation) -> str:
    """A topic that is compacted, before the start"""
    configure(installation.cluster, "ip.pledge.v1", "cleanup.policy", "compact,delete")
    return "TopicCompacted: .*ip.pledge.v1 is compacted (cleanup.policy=compact,delete)"


def another_version(installation: Installation) -> str:
    """A book of another fold version"""
    change(installation, "UPDATE meta SET value = '999' WHERE name = 'fold_version'")
    return "OtherVersion: .* was folded by version 999, .* `ip-ledger replay --book NEW`"


BEFORE_THE_START = [
    trimmed_above,
    trimmed_to_the_end,
    made_anew,
    another_cluster,
    written_anew,
    rewound,
    more_partitions,
    deleted,
    compacted,
    another_version,
]


@pytest.mark.parametrize("befall", BEFORE_THE_START)
def test_a_log_that_is_not_the_books_is_named_and_nothing_is_written(
    posted: Installation, befall: Callable[[Installation], str], fault: Fault
) -> None:
    """A log that is not the book's, before the start"""
    words = befall(posted)
    before = content(posted)
    worker = posted.worker()
    assert worker.wait() == 70
    assert_says(worker.output, words)
    assert content(posted) == before
    fault.name = befall.__doc__ or fault.name
    fault.ended(f"stopped: {words.partition(':')[0]}, nothing written", 1)


def made_anew_and_longer(installation: Installation) -> str:
    """Topics made anew under a running worker, and soon longer than before"""
    make_topics_anew(installation)
    publish(installation.cluster, 400, seed=2)
    return "OtherLog: .* the id of ip.p"


def made_anew_and_shorter(installation: Installation) -> str:
    """Topics made anew under a running worker, and shorter than before"""
    make_topics_anew(installation)
    publish(installation.cluster, 100, seed=2)
    return "OtherLog: .* the id of ip.p"


def made_anew_and_empty(installation: Installation) -> str:
    """Topics made anew under a running worker, and empty"""
    make_topics_anew(installation)
    return "OtherLog: .* the id of ip.p"


def more_partitions_on_a_quiet_log(installation: Installation) -> str:
    """More partitions of a topic under a running worker, on a quiet log"""
    return more_partitions(installation)


def deleted_meanwhile(installation: Installation) -> str:
    """A topic deleted under a running worker"""
    return deleted(installation)


def compacted_meanwhile(installation: Installation) -> str:
    """A topic that becomes compacted under a running worker, on a quiet log"""
    return compacted(installation)


UNDER_A_RUNNING_WORKER = [
    made_anew_and_longer,
    pytest.param(made_anew_and_shorter, marks=pytest.mark.long),
    pytest.param(made_anew_and_empty, marks=pytest.mark.long),
    more_partitions_on_a_quiet_log,
    deleted_meanwhile,
    compacted_meanwhile,
]


@pytest.mark.parametrize("befall", UNDER_A_RUNNING_WORKER)
def test_a_log_that_changes_under_a_running_worker_is_named_and_nothing_of_it_is_written(
    posted: Installation, befall: Callable[[Installation], str], fault: Fault
) -> None:
    """The worker stands still meanwhile, so that no refusal on the way can tell it."""
    worker = posted.worker(program=WATCHFUL)
    publish(posted.cluster, 100, seed=3)
    posted.wait_until_posted()
    worker.pause()
    before = content(posted)
    words = befall(posted)
    worker.resume()
    assert worker.wait() == 70
    assert_says(worker.output, words)
    assert content(posted) == before
    fault.name = befall.__doc__ or fault.name
    fault.ended(f"stopped: {words.partition(':')[0]}, nothing written", 1)


def assert_says(said: str, words: str) -> None:
    """One line says it: these words, with anything in place of each `.*`."""
    (line,) = [line for line in said.splitlines() if line.startswith(words.partition(":")[0] + ":")]
    for part in words.split(".*"):
        assert part.strip() in line, line
    assert "Nothing was written" in line
    assert "Traceback" not in said


def test_a_log_trimmed_under_a_worker_that_stood_still_is_named(posted: Installation, fault: Fault) -> None:
    """Log trimmed above the book, under a running worker"""
    worker = posted.worker()
    publish(posted.cluster, 200, seed=2)
    posted.wait_until_posted()
    worker.pause()
    publish(posted.cluster, 200, seed=3)  # what was asked for before is answered with some of these, at most
    publish(posted.cluster, 200, seed=4)
    start = posted.ends()[PLACE] - 1
    trim(posted, start)
    worker.resume()
    assert worker.wait() == 70
    next_ = posted.next_offsets()[PLACE]
    assert next_ < start
    assert_says(worker.output, f"LogTrimmed: ip.patent.v1:0 begins at offset {start}, .* records [{next_}, {start})")
    assert posted.run("status").code == 0
    fault.ended("stopped: LogTrimmed, nothing written", 1)


def test_a_log_trimmed_below_the_book_does_not_stop_the_worker(posted: Installation, fault: Fault) -> None:
    """Log trimmed below the book"""
    trim(posted, posted.next_offsets()[PLACE] - 1)
    worker = posted.worker()
    publish(posted.cluster, 200, seed=2)
    posted.wait_until_posted()
    assert worker.stop() == 0
    done = posted.run("verify", "--json")
    assert (done.code, done.json["verdict"], done.json["differences"]) == (1, "incomplete", [])
    fault.ended("goes on; verify says incomplete", 1)


def test_a_log_trimmed_within_a_batch_that_cannot_be_read_is_recognised(installation: Installation) -> None:
    cluster = installation.cluster
    number, pack = CODECS["gzip"]
    content = pack(b"".join(record(delta, b"k", None) for delta in range(10))) + b"trailing"
    produce(cluster.brokers, cluster.topic(PLACE[0]), PLACE[1], batch(content, 10, number))
    replay(cluster, installation.book)
    trim(installation, 4)
    worker = installation.worker()
    produce(cluster.brokers, cluster.topic(PLACE[0]), PLACE[1], batch(record(0, b"k", None), 1))
    installation.wait_until_posted()
    assert worker.stop() == 0, worker.output
    rules = installation.query("SELECT rule, count(*) FROM rejections GROUP BY rule ORDER BY rule")
    assert rules == [("empty", 1), ("unreadable", 10)]


def test_a_new_book_of_a_trimmed_log_is_made_only_if_one_says_so(installation: Installation) -> None:
    publish(installation.cluster, 200, seed=1)
    trim(installation, 3)
    worker = installation.worker()
    assert worker.wait() == 70
    assert "LogIncomplete: ip.patent.v1:0 begins at offset 3, " in worker.output
    assert "--from-earliest" in worker.output
    assert not installation.book.exists()

    worker = installation.worker("--from-earliest")
    installation.wait_until_posted()
    assert worker.stop() == 0
    assert_true_to_the_log(installation, verdict="incomplete")
    assert installation.query("SELECT first FROM positions WHERE topic = ? AND partition = ?", *PLACE) == [(3,)]

    again = installation.worker()  # it is the book that counts now
    publish(installation.cluster, 100, seed=2)
    installation.wait_until_posted()
    assert again.stop() == 0


def test_a_new_book_is_named_by_its_full_path_with_what_it_is_about_to_read(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(installation.cluster, 200, seed=1)
    trim(installation, 3)
    monkeypatch.chdir(tmp_path)
    watch = LogWatch(installation.cluster)
    with capture_logs() as lines:
        open_or_create(installation.cluster, Path("new.db"), watch, from_earliest=True)
        open_or_create(installation.cluster, Path("new.db"), watch, from_earliest=True)
    made = {"event": "book made", "log_level": "info", "book": str(tmp_path / "new.db"), "records": 197}
    assert lines == [made]


def test_a_worker_without_topics_says_which(brokers: str, prefix: str, installation: Installation) -> None:
    installation.cluster = Cluster(brokers, f"{prefix}none-")
    worker = installation.worker()
    assert worker.wait() == 69
    assert worker.output.startswith(f"TopicMissing: The topic {prefix}none-ip.p")
    assert not installation.book.exists()
