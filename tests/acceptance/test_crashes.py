"""Crashes under load, with real processes on a real Apache Kafka: afterwards the book equals the fold of the log."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from typing import Any

import pysqlite3 as sqlite3
import pytest

from schemas.topics import TopicPartition
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.events import TOPIC_PARTITIONS
from tests.processes import Installation, Worker, wait_until

EVENTS = 4000
"""About how many events one test produces: enough for hundreds of transactions, few enough for a slow fold."""


@pytest.fixture
def load(installation: Installation, fault: Fault) -> Load:
    return Load(installation.cluster, fault.chance.randrange(2**32))


def test_a_worker_that_is_killed_repeatedly_loses_and_doubles_nothing(
    installation: Installation, load: Load, fault: Fault
) -> None:
    """Worker killed with SIGKILL, under load"""
    kills = 3 * fault.rounds
    share = max(EVENTS // kills, 200)
    for _ in range(kills):
        load.produce(share // 2)
        before = installation.posted()
        aim = before + load.chance.randrange(share)
        worker = installation.worker()
        wait_until(lambda: installation.posted() > before, lambda: "no batch is posted")  # noqa: B023
        load.until(lambda: installation.posted() >= aim, lambda: f"{installation.posted()} of {aim}", share)  # noqa: B023
        time.sleep(load.chance.random() / 50)  # anywhere in a batch
        worker.kill()
    last = installation.worker()
    installation.wait_until_posted()
    log = assert_true_to_the_log(installation)
    assert_load_had_everything(installation, log)
    assert last.stop() == 0
    fault.ended("right and balanced", kills)


def assert_load_had_everything(installation: Installation, log: Any) -> None:
    """Assert that the load had every outcome, and gaps of transactions."""
    columns = "accepted", "duplicate", "conflict", "rejected", "gap"
    sums = installation.query(f"SELECT {', '.join(f'sum({column})' for column in columns)} FROM positions")
    assert all(count > 0 for count in sums[0]), dict(zip(columns, sums[0], strict=True))


def test_two_workers_on_one_book_join_leave_die_and_stand_still(
    installation: Installation, load: Load, fault: Fault
) -> None:
    """Two workers on one book: each joins, leaves, dies, pauses and resumes

    Partitions move back and forth under load; stale batches are dropped, and none becomes a gap.
    """
    first = installation.worker()
    wait_until(lambda: bool(installation.next_offsets()), lambda: "there is no book")
    for _ in range(2):
        second = installation.worker()
        _produce_until_members(installation, load, first, second)
        assert second.stop() == 0
        _produce_until_members(installation, load, first)

    second = installation.worker()
    _produce_until_members(installation, load, first, second)
    first.kill()
    _produce_until_members(installation, load, second)

    third = installation.worker()
    _produce_until_members(installation, load, second, third)
    third.kill()
    _produce_until_members(installation, load, second)

    fourth = installation.worker()
    _produce_until_members(installation, load, second, fourth)
    with closing(_writing(installation)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # all wait for the book, each with a batch
        load.produce(200, at_once=5)
        second.pause()
        connection.execute("ROLLBACK")
    _produce_until_members(installation, load, fourth)
    second.resume()  # it still assumes its partitions, and posts its batch
    _produce_until_members(installation, load, second, fourth)

    installation.wait_until_posted(second, fourth)
    assert_load_had_everything(installation, assert_true_to_the_log(installation))
    assert (second.stop(), fourth.stop()) == (0, 0)
    fault.ended("right and balanced", 1)


def _produce_until_members(installation: Installation, load: Load, *workers: Worker) -> None:
    """Produce until exactly these workers have the partitions, and then some more."""

    def shared() -> bool:
        for worker in workers:
            worker.require_alive()
        shares = installation.shares()
        return len(shares) == len(workers) and sum(shares) == len(TOPIC_PARTITIONS) and min(shares) > 0

    load.until(shared, lambda: f"the members share the partitions {installation.shares()}", most=300)
    load.produce(100)


def test_a_lost_book_is_rebuilt_and_one_from_a_backup_continues(
    installation: Installation, load: Load, fault: Fault
) -> None:
    """Old copy of the book restored, book deleted, with the group's offsets at the log's end"""
    load.produce(300)
    worker = installation.worker()
    installation.wait_until_posted()
    assert worker.stop() == 0
    backup = installation.book.with_suffix(".backup")
    shutil.copy(installation.book, backup)

    load.produce(300)
    worker = installation.worker()
    installation.wait_until_posted()
    wait_until(lambda: _committed(installation) == installation.ends(), lambda: "the group's offsets do not follow")
    assert worker.stop() == 0

    shutil.copy(backup, installation.book)
    worker = installation.worker()
    installation.wait_until_posted()
    assert_true_to_the_log(installation)
    assert worker.stop() == 0

    installation.book.unlink()
    installation.worker()
    installation.wait_until_posted()
    assert_true_to_the_log(installation)
    fault.ended("right and balanced", 2)


def _committed(installation: Installation) -> dict[TopicPartition, int]:
    """Return the group's offsets; 0 if it has none."""
    return {topic_partition: max(0, offset) for topic_partition, offset in installation.committed().items()}


def test_an_error_inside_the_sink_ends_the_worker_and_nothing_is_acknowledged(
    installation: Installation, load: Load, fault: Fault
) -> None:
    """An error inside the sink's transaction"""
    load.produce(300)
    worker = installation.worker()
    installation.wait_until_posted()

    before = installation.next_offsets()
    with closing(_writing(installation)) as connection:  # a full batch and a batch of aborted records both meet it
        connection.execute(
            "CREATE TRIGGER fault BEFORE UPDATE ON position BEGIN SELECT RAISE(ABORT, 'disk failure'); END"
        )
    load.produce(300)
    assert worker.wait() == 70
    assert "disk failure" in worker.output
    assert installation.next_offsets() == before
    with closing(_writing(installation)) as connection:
        connection.execute("DROP TRIGGER fault")
    committed = installation.committed()
    assert all(committed[topic_partition] <= offset for topic_partition, offset in before.items())

    installation.worker()
    installation.wait_until_posted()
    assert_true_to_the_log(installation)
    fault.ended("stopped: BookFault, nothing acknowledged; then right and balanced", 1)


def _writing(installation: Installation) -> Any:
    return sqlite3.connect(str(installation.book), timeout=60, isolation_level=None)
