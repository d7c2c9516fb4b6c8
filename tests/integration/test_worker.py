"""The worker recognises its log (P9): it names any change, exits with 70, and leaves the book as it was."""

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
from streams.cluster import Cluster
from streams.log_identity import identity
from streams.synthetic.pledges import generate_pledges
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import record_of, send
from tests.events import PATENT, PLEDGE
from tests.platform import configure, widen
from tests.processes import WATCHFUL, Installation, wait_until
from tests.record_batches import CODECS, batch, produce, record

TOPIC_PARTITION = ("ip.patent.v1", 0)
"""The first partition of the book, so the first that a worker names."""


@pytest.fixture
def posted(installation: Installation) -> Installation:
    """Return a log with records in every partition, and a book that has them all."""
    publish(installation.cluster, 200, seed=1)
    replay(installation.cluster, installation.book)
    return installation


def publish(cluster: Cluster, events: int, seed: int) -> None:
    records = [record_of(value) for value in generate_pledges(events, seed)]
    assert {(record.topic, record.partition) for record in records} == {
        (t, p) for t in (PLEDGE, PATENT) for p in range(4)
    }
    send(cluster, confluent_kafka.Producer(cluster.librdkafka()), records)


def trim(installation: Installation, offset: int) -> None:
    """Delete the records of `TOPIC_PARTITION` below an offset, as retention does."""
    topic_partition = TopicPartition(installation.cluster.topic(TOPIC_PARTITION[0]), TOPIC_PARTITION[1], offset)
    admin = AdminClient(installation.cluster.librdkafka())
    (answer,) = admin.delete_records([topic_partition]).values()
    assert answer.result(60).low_watermark == offset


def recreate_topics(installation: Installation) -> None:
    names = [installation.cluster.topic(name) for name in TOPICS]
    admin = AdminClient(installation.cluster.librdkafka())
    for answer in admin.delete_topics(names).values():
        answer.result(60)
    wait_until(lambda: not set(names) & set(admin.list_topics(timeout=60).topics), lambda: "the topics still exist")
    topics.create(installation.cluster)


def change(installation: Installation, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(installation.book)) as connection, connection:
        assert connection.execute(sql, values).rowcount > 0


def adopt_topic_ids(installation: Installation) -> None:
    """Give the book the ids of the new topics, so that only the records show the difference."""
    for name, topic_id in identity(installation.cluster).topic_ids.items():
        change(installation, "UPDATE meta SET value = ? WHERE name = ?", topic_id, f"topic_id:{name}")


def content(installation: Installation) -> list[str]:
    with closing(sqlite3.connect(installation.book)) as connection:
        return list(connection.iterdump())


# ---- changes of the log, and the errors that name them


def trimmed_above(installation: Installation) -> str:
    """Log trimmed above the book, before the start"""
    end = installation.next_offsets()[TOPIC_PARTITION]
    publish(installation.cluster, 200, seed=2)
    trim(installation, end + 3)
    return f"LogTrimmed: ip.patent.v1:0 begins at offset {end + 3}, .* the records [{end}, {end + 3}) are gone"


def trimmed_to_the_end(installation: Installation) -> str:
    """Log trimmed to the end of the book: its last record is gone"""
    end = installation.next_offsets()[TOPIC_PARTITION]
    trim(installation, end)
    return f"LogUnrecognised: The last record that the book posted, ip.patent.v1:0={end - 1}, is gone"


def recreated(installation: Installation) -> str:
    """Topics recreated with the same records, before the start"""
    recreate_topics(installation)
    publish(installation.cluster, 200, seed=1)
    return "OtherLog: .* the id of ip.p"


def another_cluster(installation: Installation) -> str:
    """Another cluster answers at the start (by its id)"""
    change(installation, "UPDATE meta SET value = 'another' WHERE name = 'cluster_id'")
    return "OtherLog: .* the cluster id was another, now it is "


def rewritten(installation: Installation) -> str:
    """Log rewritten under the same topic ids, longer than it was"""
    recreate_topics(installation)
    publish(installation.cluster, 300, seed=2)
    adopt_topic_ids(installation)
    return f"LogChanged: The record at ip.patent.v1:0={installation.next_offsets()[TOPIC_PARTITION] - 1} is not the one"


def rewound(installation: Installation) -> str:
    """Log rewound: shorter than the book, under the same topic ids"""
    recreate_topics(installation)
    publish(installation.cluster, 100, seed=1)
    adopt_topic_ids(installation)
    end, next_ = installation.ends()[TOPIC_PARTITION], installation.next_offsets()[TOPIC_PARTITION]
    return f"LogRewound: ip.patent.v1:0 ends at offset {end}, .* the log lost [{end}, {next_})"


def more_partitions(installation: Installation) -> str:
    """More partitions of a topic, before the start"""
    widen(installation.cluster, "ip.pledge.v1", 6)
    return "LogShapeDiffers: .*ip.pledge.v1 has 6 partitions instead of 4"


def deleted(installation: Installation) -> str:
    """A topic deleted, before the start"""
    name = installation.cluster.topic(TOPIC_PARTITION[0])
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
    recreated,
    another_cluster,
    rewritten,
    rewound,
    more_partitions,
    deleted,
    compacted,
    another_version,
]


@pytest.mark.parametrize("change_log", BEFORE_THE_START)
def test_a_log_that_is_not_the_books_is_named_and_the_book_is_unchanged(
    posted: Installation, change_log: Callable[[Installation], str], fault: Fault
) -> None:
    """A log that is not the book's, before the start"""
    error = change_log(posted)
    before = content(posted)
    worker = posted.worker()
    assert worker.wait() == 70
    assert_names(worker.output, error)
    assert content(posted) == before
    fault.name = change_log.__doc__ or fault.name
    fault.ended(f"stopped: {error.partition(':')[0]}, nothing written", 1)


def recreated_and_longer(installation: Installation) -> str:
    """Topics recreated under a running worker, and soon longer than before"""
    recreate_topics(installation)
    publish(installation.cluster, 400, seed=2)
    return "OtherLog: .* the id of ip.p"


def recreated_and_shorter(installation: Installation) -> str:
    """Topics recreated under a running worker, and shorter than before"""
    recreate_topics(installation)
    publish(installation.cluster, 100, seed=2)
    return "OtherLog: .* the id of ip.p"


def recreated_and_empty(installation: Installation) -> str:
    """Topics recreated under a running worker, and empty"""
    recreate_topics(installation)
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
    recreated_and_longer,
    pytest.param(recreated_and_shorter, marks=pytest.mark.long),
    pytest.param(recreated_and_empty, marks=pytest.mark.long),
    more_partitions_on_a_quiet_log,
    deleted_meanwhile,
    compacted_meanwhile,
]


@pytest.mark.parametrize("change_log", UNDER_A_RUNNING_WORKER)
def test_a_log_that_changes_under_a_running_worker_is_named_and_the_book_is_unchanged(
    posted: Installation, change_log: Callable[[Installation], str], fault: Fault
) -> None:
    """The worker is paused meanwhile, so that no failed request can reveal the change."""
    worker = posted.worker(program=WATCHFUL)
    publish(posted.cluster, 100, seed=3)
    posted.wait_until_posted()
    worker.pause()
    before = content(posted)
    error = change_log(posted)
    worker.resume()
    assert worker.wait() == 70
    assert_names(worker.output, error)
    assert content(posted) == before
    fault.name = change_log.__doc__ or fault.name
    fault.ended(f"stopped: {error.partition(':')[0]}, nothing written", 1)


def assert_names(output: str, error: str) -> None:
    """Assert that one line has this text, with any text for each `.*`."""
    (line,) = [line for line in output.splitlines() if line.startswith(error.partition(":")[0] + ":")]
    for part in error.split(".*"):
        assert part.strip() in line, line
    assert "Nothing was written" in line
    assert "Traceback" not in output


def test_a_log_trimmed_under_a_paused_worker_is_named(posted: Installation, fault: Fault) -> None:
    """Log trimmed above the book, under a running worker"""
    worker = posted.worker()
    publish(posted.cluster, 200, seed=2)
    posted.wait_until_posted()
    worker.pause()
    publish(posted.cluster, 200, seed=3)  # an earlier request returns at most some of these
    publish(posted.cluster, 200, seed=4)
    start = posted.ends()[TOPIC_PARTITION] - 1
    trim(posted, start)
    worker.resume()
    assert worker.wait() == 70
    next_ = posted.next_offsets()[TOPIC_PARTITION]
    assert next_ < start
    assert_names(worker.output, f"LogTrimmed: ip.patent.v1:0 begins at offset {start}, .* records [{next_}, {start})")
    assert posted.run("status").code == 0
    fault.ended("stopped: LogTrimmed, nothing written", 1)


def test_a_log_trimmed_below_the_book_does_not_stop_the_worker(posted: Installation, fault: Fault) -> None:
    """Log trimmed below the book"""
    trim(posted, posted.next_offsets()[TOPIC_PARTITION] - 1)
    worker = posted.worker()
    publish(posted.cluster, 200, seed=2)
    posted.wait_until_posted()
    assert worker.stop() == 0
    done = posted.run("verify", "--json")
    assert (done.code, done.json["verdict"], done.json["differences"]) == (1, "incomplete", [])
    fault.ended("continues; verify says incomplete", 1)


def test_a_log_trimmed_within_an_unreadable_batch_is_recognised(installation: Installation) -> None:
    cluster = installation.cluster
    number, pack = CODECS["gzip"]
    content = pack(b"".join(record(delta, b"k", None) for delta in range(10))) + b"trailing"
    produce(cluster.brokers, cluster.topic(TOPIC_PARTITION[0]), TOPIC_PARTITION[1], batch(content, 10, number))
    replay(cluster, installation.book)
    trim(installation, 4)
    worker = installation.worker()
    produce(cluster.brokers, cluster.topic(TOPIC_PARTITION[0]), TOPIC_PARTITION[1], batch(record(0, b"k", None), 1))
    installation.wait_until_posted()
    assert worker.stop() == 0, worker.output
    rules = installation.query("SELECT rule, count(*) FROM rejections GROUP BY rule ORDER BY rule")
    assert rules == [("empty", 1), ("unreadable", 10)]


def test_a_new_book_of_a_trimmed_log_needs_the_option(installation: Installation) -> None:
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
    assert installation.query("SELECT first FROM positions WHERE topic = ? AND partition = ?", *TOPIC_PARTITION) == [
        (3,)
    ]

    again = installation.worker()  # the book decides now
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


def test_a_worker_without_topics_names_them(brokers: str, prefix: str, installation: Installation) -> None:
    installation.cluster = Cluster(brokers, f"{prefix}none-")
    worker = installation.worker()
    assert worker.wait() == 69
    assert worker.output.startswith(f"TopicMissing: The topic {prefix}none-ip.p")
    assert not installation.book.exists()
