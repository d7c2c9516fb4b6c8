"""Warnings about a log: records behind an open transaction, and records that Kafka will delete."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
import yaml

from ledger.audit.replay import replay
from ledger.doctor import examine
from streams.cluster import Cluster
from streams.outlook import look_at
from streams.retention import TopicCompacted
from tests.acceptance.fault import Fault
from tests.events import PLEDGE, partition, registered, value_of
from tests.platform import configure
from tests.processes import PATIENCE_SECONDS, WATCHFUL, Installation, wait_until
from tests.record_batches import batch, produce, record

HOME = partition("P1")
WEEK = 7 * 24 * 3600 * 1000
DAY = 24 * 3600 * 1000


@contextmanager
def left_open(cluster: Cluster, transactional_id: str) -> Iterator[confluent_kafka.Producer]:
    """Yield a producer that has begun a transaction and written one record of P1, and does not end it."""
    producer = confluent_kafka.Producer(
        cluster.librdkafka(**{"transactional.id": transactional_id, "transaction.timeout.ms": 600_000})
    )
    producer.init_transactions(PATIENCE_SECONDS)
    producer.begin_transaction()
    producer.produce(cluster.topic(PLEDGE), value_of(registered("open")), b"P1", HOME)
    producer.flush()
    try:
        yield producer
    finally:
        producer.abort_transaction(PATIENCE_SECONDS)


def produce_at(cluster: Cluster, value: bytes, timestamp: int) -> None:
    """Produce a record of P1 by another client, with a given timestamp."""
    client = confluent_kafka.Producer(cluster.librdkafka())
    client.produce(cluster.topic(PLEDGE), value, b"P1", HOME, timestamp=timestamp)
    client.flush()


def day_of(milliseconds: int) -> str:
    """Return the day, such as 2026-12-01."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()


def abort(cluster: Cluster) -> None:
    """Write an aborted record and its marker."""
    with left_open(cluster, "undecided"):
        pass
    wait_until(lambda: look_at(cluster, {}).transactions == [], lambda: "it is still open")


def publish(installation: Installation, *ids: str) -> Any:
    """Run `ip-ledger publish` with registrations of P1."""
    return installation.run("publish", "-", given=b"\n".join(value_of(registered(each)) for each in ids))


def test_publish_warns_that_its_events_wait(installation: Installation) -> None:
    with left_open(installation.cluster, "forgetful"):
        done = publish(installation, "a", "b")
        assert done.code == 0
        (warning,) = [line for line in done.err.splitlines() if "WARNING" in line]
        assert f"{PLEDGE}:{HOME}=2" in warning
        assert "transactional id forgetful (producer id " in warning
        assert f"abort --topic {installation.cluster.topic(PLEDGE)} --partition {HOME} --start-offset 0" in warning
    assert "WARNING" not in publish(installation, "c").err


def test_status_names_waiting_records_and_their_producer_and_counts_them_as_lag(installation: Installation) -> None:
    replay(installation.cluster, installation.book)
    with left_open(installation.cluster, "forgetful"):
        publish(installation, "a", "b")
        done = installation.run("status", "--json")
        assert done.code == 0
        (part,) = [part for part in done.json["partitions"] if part["lag"]]
        assert (part["topic"], part["partition"]) == (PLEDGE, HOME)
        assert (part["next"], part["end"], part["high"], part["waiting"], part["lag"]) == (0, 0, 3, 3, 3)
        (held,) = done.json["transactions"]
        assert (held["topic"], held["partition"], held["start"], held["waiting"]) == (PLEDGE, HOME, 0, 3)
        assert held["transactional_id"] == "forgetful"
        assert held["producer_id"] >= 0
        assert abs(held["since"] / 1000 - time.time()) < 600
        assert held["until"] == held["since"] + 600_000
    done = installation.run("status", "--json", "--check")
    assert (done.code, done.json["transactions"]) == (0, [])


def test_the_health_check_of_compose_fails_while_records_wait(installation: Installation) -> None:
    compose = yaml.safe_load(Path(__file__).parents[2].joinpath("docker-compose.yml").read_text("utf-8"))
    _, program, *arguments = compose["services"]["worker"]["healthcheck"]["test"]
    assert program == "ip-ledger"
    replay(installation.cluster, installation.book)
    assert installation.run(*arguments).code == 0
    with left_open(installation.cluster, "forgetful"):
        wait_until(lambda: installation.run(*arguments).code == 1, lambda: "the health check does not fail")
    assert installation.run(*arguments).code == 0


def test_doctor_names_the_transaction_and_the_next_step(installation: Installation) -> None:
    replay(installation.cluster, installation.book)
    with left_open(installation.cluster, "forgetful"):
        unwell = {found.check: found for found in examine(installation.book, installation.cluster) if not found.well}
        assert "transactional id forgetful" in unwell["transactions"].found
        assert "kafka-transactions.sh" in unwell["transactions"].next_step
        assert "stop its producer" in unwell["transactions"].next_step
    found = {found.check: found for found in examine(installation.book, installation.cluster)}
    assert found["transactions"].well


def test_a_worker_names_the_transaction_in_its_log(installation: Installation) -> None:
    worker = installation.worker(program=WATCHFUL)
    installation.wait_until_posted()
    with left_open(installation.cluster, "forgetful"):
        wait_until(lambda: "records wait" in worker.output, lambda: worker.output)
        (line,) = [line for line in worker.output.splitlines() if '"records wait"' in line]
        facts = json.loads(line)
        assert (facts["level"], facts["transactional_id"], facts["waiting"]) == ("warning", "forgetful", 1)
        assert "kafka-transactions.sh" in facts["next_step"]
    assert worker.stop() == 0


def test_a_killed_producer_is_named_until_the_brokers_abort_its_transaction(cluster: Cluster, fault: Fault) -> None:
    """A producer killed inside a transaction"""
    producer = confluent_kafka.Producer(
        cluster.librdkafka(**{"transactional.id": "killed", "transaction.timeout.ms": 1000})
    )
    producer.init_transactions(PATIENCE_SECONDS)
    producer.begin_transaction()
    producer.produce(cluster.topic(PLEDGE), b"x", b"P1", HOME)
    producer.flush()
    (held,) = look_at(cluster, {}).transactions
    assert held.transactional_id == "killed"
    del producer
    wait_until(lambda: look_at(cluster, {}).transactions == [], lambda: "it is still open")
    fault.ended("named until its coordinator aborted it", 1)


def test_a_compacted_topic_is_refused_by_worker_replay_and_publish(installation: Installation) -> None:
    configure(installation.cluster, PLEDGE, "cleanup.policy", "compact,delete")
    topic = installation.cluster.topic(PLEDGE)
    with pytest.raises(TopicCompacted, match=rf"{topic} is compacted \(cleanup.policy=compact,delete\)"):
        replay(installation.cluster, installation.book)
    for done in (installation.run("worker"), publish(installation, "a")):
        assert done.code == 70
        assert f"TopicCompacted: The topic {topic} is compacted" in done.err
    assert not installation.book.exists()
    assert set(installation.ends().values()) == {0}


def test_retention_that_deletes_stops_no_command_and_is_reported_with_the_day(installation: Installation) -> None:
    cluster, began = installation.cluster, int(time.time() * 1000) - 3 * DAY
    produce_at(cluster, value_of(registered("a")), began)
    replay(cluster, installation.book)
    produce_at(cluster, value_of(registered("b")), began + 2 * DAY)
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    oldest, unposted = day_of(began + WEEK), day_of(began + 2 * DAY + WEEK)
    (loss,) = installation.run("status", "--json").json["retention"]
    assert loss.pop("message").endswith("no archive is known (LEDGER_ARCHIVE)")
    assert loss.pop("unarchived") is None
    assert loss == {
        "topic": PLEDGE, "setting": f"retention.ms={WEEK}", "oldest_from": oldest, "unposted_from": unposted
    }  # fmt: skip
    unwell = {found.check: found for found in examine(installation.book, cluster) if not found.well}
    assert unposted in unwell["retention"].found
    check = installation.run("topics", "check", "--json")
    (finding,) = [each for each in check.json["findings"] if each["setting"] == "retention.ms"]
    assert check.code == 1
    assert oldest in finding["next_step"]
    worker = installation.worker(program=WATCHFUL)
    installation.wait_until_posted()
    wait_until(lambda: "records will be deleted" in worker.output, lambda: worker.output)
    assert worker.stop() == 0


def test_what_retention_may_delete_is_compared_with_the_archive(installation: Installation, tmp_path: Path) -> None:
    cluster, kept = installation.cluster, str(tmp_path / "archive")
    produce_at(cluster, value_of(registered("a")), int(time.time() * 1000))
    replay(cluster, installation.book)
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    assert installation.run("archive", kept).code == 0
    findings = {found.check: found for found in examine(installation.book, cluster, archive=Path(kept))}
    assert findings["retention"].well
    assert "all of it is archived" in findings["retention"].found
    produce_at(cluster, value_of(registered("b")), int(time.time() * 1000))
    (loss,) = installation.run("status", "--json", LEDGER_ARCHIVE=kept).json["retention"]
    assert loss["unarchived"] == 1
    unwell = {found.check: found for found in examine(installation.book, cluster, archive=Path(kept)) if not found.well}
    assert unwell["retention"].next_step == f"ip-ledger archive {kept}"
    assert installation.run("status", LEDGER_ARCHIVE=str(tmp_path / "none")).code == 2


def test_the_longest_retention_has_a_day(cluster: Cluster) -> None:
    produce_at(cluster, b"x", int(time.time() * 1000))
    configure(cluster, PLEDGE, "retention.ms", str(2**63 - 1))
    (loss,) = look_at(cluster, {}).losses
    assert (loss.oldest_from, loss.unposted_from) == ("9999-12-31", None)


@pytest.mark.parametrize(
    "time_",
    [-(2**63) + 2**42, -1, 2**63 - 1, *(pytest.param(time_, marks=pytest.mark.long) for time_ in (-(2**62), 2**62))],
)
def test_a_record_of_any_time_has_a_day(installation: Installation, time_: int) -> None:
    cluster, event = installation.cluster, value_of(registered("a"))
    configure(cluster, PLEDGE, "message.timestamp.after.max.ms", str(2**63 - 1))
    produce(cluster.brokers, cluster.topic(PLEDGE), HOME, batch(record(0, b"P1", event), 1, at=time_))
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    worker = installation.worker(program=WATCHFUL)
    installation.wait_until_posted()
    wait_until(lambda: "records will be deleted" in worker.output, lambda: worker.output)
    assert worker.stop() == 0, worker.output
    day = "0001-01-01" if time_ < -1 else "9999-12-31" if time_ > 0 else day_of(time_ + WEEK)
    status = installation.run("status", "--json")
    assert status.code == 0, status.err
    assert [loss["oldest_from"] for loss in status.json["retention"]] == [day]
    for arguments in (["doctor"], ["topics", "check"]):
        done = installation.run(*arguments, "--json")
        assert done.code == 1, done.err
        assert day in done.out
    for view in ("integrity", "plausibility"):
        shown = installation.run("view", view, "--json")
        assert shown.code == 0, (view, shown.err)


def test_the_day_is_that_of_the_first_record_after_markers_and_aborted_ones(installation: Installation) -> None:
    cluster, now = installation.cluster, int(time.time() * 1000)
    abort(cluster)
    produce_at(cluster, value_of(registered("a")), now - 3 * DAY)
    replay(cluster, installation.book)
    abort(cluster)
    produce_at(cluster, value_of(registered("b")), now - DAY)
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    (loss,) = installation.run("status", "--json").json["retention"]
    assert (loss["oldest_from"], loss["unposted_from"]) == (day_of(now - 3 * DAY + WEEK), day_of(now - DAY + WEEK))


def test_a_log_of_aborted_records_has_no_day(cluster: Cluster) -> None:
    abort(cluster)
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    (loss,) = look_at(cluster, {(PLEDGE, HOME): 0}).losses
    assert (loss.oldest_from, loss.unposted_from) == (None, None)


def test_retention_by_size_and_by_time_has_no_day(cluster: Cluster) -> None:
    produce_at(cluster, value_of(registered("a")), int(time.time() * 1000))
    configure(cluster, PLEDGE, "retention.ms", str(WEEK))
    configure(cluster, PLEDGE, "retention.bytes", "1000000")
    (loss,) = look_at(cluster, {(PLEDGE, HOME): 0}).losses
    assert (loss.setting, loss.oldest_from, loss.unposted_from) == ("retention.bytes=1000000", None, None)
    assert "at any time" in loss.message()
