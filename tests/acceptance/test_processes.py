"""Workers that join and leave, pause, have wrong clocks, lose their group or use copies of one book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Any

import confluent_kafka
import pysqlite3 as sqlite3
import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from ledger.book.book import Book
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import administration
from streams.group import CLIENT
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load, OutgoingRecord, record_of, send
from tests.events import TOPIC_PARTITIONS, modified, money, registered, value_of
from tests.processes import PATIENCE_SECONDS, SESSION_SECONDS, Installation, Worker, wait_until


@pytest.fixture
def load(installation: Installation, fault: Fault) -> Load:
    return Load(installation.cluster, fault.chance.randrange(2**32))


# ---- joining and leaving


def test_workers_that_join_and_leave_all_the_time(installation: Installation, load: Load, fault: Fault) -> None:
    """Endless rebalances, three workers: members join and leave all the time, one worker is killed and replaced

    Most members are strangers that only take partitions and give them back: they join a hundred times faster than a
    process starts. Meanwhile one subject gets some hundred events.
    """
    hot = records_of_one_subject()
    producer = confluent_kafka.Producer(installation.cluster.librdkafka())
    for _ in range(3):
        installation.worker()
    load.produce(100)
    installation.wait_until_posted(*installation.workers)
    times = 3 * fault.rounds
    for number in range(times):
        with closing(stranger(installation)) as consumer:
            load.produce(load.chance.randint(1, 30))
            consumer.poll(load.chance.random() / 2)
            send(installation.cluster, producer, islice(hot, 170 if number < 3 else 0))
        if number % 3 == 1:
            fault.chance.choice(alive(installation)).kill()
            installation.worker()
    installation.wait_until_posted(*alive(installation))
    assert_true_to_the_log(installation)
    assert {worker.stop() for worker in alive(installation)} == {0}
    fault.ended("right and balanced", times)


def alive(installation: Installation) -> list[Worker]:
    return [worker for worker in installation.workers if worker.alive]


def records_of_one_subject() -> Iterator[OutgoingRecord]:
    """Yield a registration and endless modifications of one pledge."""
    yield record_of(value_of(registered("hot", "HOT")))
    for number in count():
        yield record_of(value_of(modified(f"hot-{number}", "HOT", secured=money(f"{number}.01"))))


def stranger(installation: Installation) -> Consumer:
    """Return a member of the book's group that stores nothing, under the client id of the book's workers."""
    with Book(installation.book) as book:
        client = CLIENT + book.id
    settings = {
        "client.id": client,
        "group.id": installation.group,
        "partition.assignment.strategy": "roundrobin",
        "session.timeout.ms": SESSION_SECONDS * 1000,
        "enable.auto.commit": False,
        "auto.offset.reset": "latest",
    }
    consumer = Consumer(installation.cluster.librdkafka(**settings))
    consumer.subscribe([installation.cluster.topic(name) for name in TOPICS])
    return consumer


# ---- pausing


@pytest.mark.long
@pytest.mark.parametrize("other", [False, True], ids=["alone", "another takes over"])
def test_a_worker_that_pauses_longer_than_its_session(
    installation: Installation, load: Load, fault: Fault, other: bool
) -> None:
    """Worker paused (SIGSTOP) with a batch, longer than its session; then resumed"""
    first = installation.worker()
    load.produce(100)
    installation.wait_until_posted()
    second = [installation.worker()] if other else []
    wait_until(lambda: len(installation.shares()) == 1 + other, lambda: f"they share {installation.shares()}")
    for _ in range(fault.rounds):
        with closing(sqlite3.connect(str(installation.book), timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # a worker with a batch waits for the book
            load.produce(100, at_once=5)
            first.pause()
            connection.execute("ROLLBACK")
        wait_until(lambda: installation.members() == len(second), lambda: "it is still a member")
        load.produce(100)
        if other:
            installation.wait_until_posted(*second)
        first.resume()
        load.produce(100)
        installation.wait_until_posted(first, *second)
        wait_until(lambda: len(installation.shares()) == 1 + other, lambda: f"they share {installation.shares()}")
    assert_true_to_the_log(installation)
    first.require_alive()
    fault.name += "; another took over" if other else "; nobody took over"
    fault.ended("right and balanced, no restart", fault.rounds)


# ---- wrong clocks

CLOCKS = """
import time
from random import Random

chance, real_time, real_monotonic = Random({seed}), time.time, time.monotonic
began = real_monotonic()

def jump():
    # another year every tenth of a second, before 1970 and after 2200 too
    Random.seed(chance, int((real_monotonic() - began) * 10) + {seed})
    return chance.uniform(-3e9, 8e9)

time.time = lambda: real_time() + jump()
time.time_ns = lambda: int(time.time() * 1e9)
# this clock only goes forward: by two minutes more every three seconds
time.monotonic = lambda: real_monotonic() + (real_monotonic() - began) // 3 * 120
time.monotonic_ns = lambda: int(time.monotonic() * 1e9)
"""


def test_a_worker_with_a_wrong_clock(
    installation: Installation, load: Load, fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clocks of the worker jump: the wall clock by years in both directions, the monotonic clock by minutes"""
    directory = tmp_path / "clocks"
    directory.mkdir()
    (directory / "sitecustomize.py").write_text(CLOCKS.format(seed=fault.chance.randrange(2**16)))
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(directory), prepend=":")
        worker = installation.worker()
    for _ in range(fault.rounds):
        load.produce(300, at_once=10)
        installation.wait_until_posted()
    worker.require_alive()
    assert_true_to_the_log(installation)  # with the right clock
    assert worker.stop() == 0
    fault.ended("right and balanced, no restart", fault.rounds)


# ---- a group with wrong offsets


def test_a_group_whose_offsets_are_wrong_or_missing(installation: Installation, load: Load, fault: Fault) -> None:
    """Offsets of the group set to 0 or to the log's end, group deleted: before the start and under a running worker"""
    worker = installation.worker()
    load.produce(100)
    installation.wait_until_posted()
    times = 0
    for _ in range(fault.rounds):
        for spoil in fault.chance.sample([set_to_0, set_to_the_end, forget], 3):
            times += 1
            if running := fault.chance.random() < 0.5 or times == 1:
                throw_out(installation)
            else:
                assert worker.stop() == 0
            load.produce(50)
            spoil(installation)
            worker = worker if running else installation.worker()
            load.produce(50)
            installation.wait_until_posted(worker)
    assert_true_to_the_log(installation)
    assert worker.stop() == 0
    fault.ended("right and balanced, no restart", times)


def throw_out(installation: Installation) -> None:
    """Remove all members from the group; a worker notices at its next heartbeat, and joins again."""
    from kafka.admin import MemberToRemove

    admin = AdminClient(installation.cluster.librdkafka())
    described = admin.describe_consumer_groups([installation.group])[installation.group].result(PATIENCE_SECONDS)
    with administration(installation.cluster) as kafka:
        kafka.remove_group_members(installation.group, [MemberToRemove(m.member_id) for m in described.members])


def in_an_empty_group(installation: Installation, change: Callable[[AdminClient], Future[Any]]) -> None:
    """Change a group as soon as it is empty; Kafka does not allow it before."""
    admin = AdminClient(installation.cluster.librdkafka())

    def changed() -> bool:
        try:
            change(admin).result(PATIENCE_SECONDS)
        except KafkaException as error:
            if error.args[0].code() not in (KafkaError.NON_EMPTY_GROUP, KafkaError.UNKNOWN_MEMBER_ID):
                raise
            return False
        return True

    def done() -> bool:
        if changed():
            return True
        throw_out(installation)
        return changed()  # at once: members join again

    wait_until(done, lambda: "the group is never empty")


def forget(installation: Installation) -> None:
    in_an_empty_group(
        installation, lambda admin: admin.delete_consumer_groups([installation.group])[installation.group]
    )


def set_to_0(installation: Installation) -> None:
    set_offsets(installation, dict.fromkeys(installation.ends(), 0))


def set_to_the_end(installation: Installation) -> None:
    set_offsets(installation, installation.ends())


def set_offsets(installation: Installation, offsets: dict[TopicPartition, int]) -> None:
    topic_partitions = [
        confluent_kafka.TopicPartition(installation.cluster.topic(t), p, offset) for (t, p), offset in offsets.items()
    ]
    request = [ConsumerGroupTopicPartitions(installation.group, topic_partitions)]
    in_an_empty_group(installation, lambda admin: admin.alter_consumer_group_offsets(request)[installation.group])


# ---- several books, several paths of one book


def test_a_copy_of_a_book_next_to_it(installation: Installation, load: Load, fault: Fault, tmp_path: Path) -> None:
    """A worker on a copy of a book, two on the book itself, one of them by a symbolic link

    In one consumer group each book would get a part of the log, and lag forever on the rest.
    """
    installation.worker()
    load.produce(100)
    installation.wait_until_posted()
    copy = Installation(installation.cluster, tmp_path / "copy.db")
    link = Installation(installation.cluster, tmp_path / "link.db")
    link.book.symlink_to(installation.book)
    assert installation.run("backup", str(copy.book)).code == 0
    try:
        copy.worker()
        link.worker()

        def shared() -> bool:
            shares = installation.shares()
            return len(shares) == 2 and sum(shares) == len(TOPIC_PARTITIONS) and min(shares) > 0

        wait_until(shared, lambda: f"they share {installation.shares()}")
        for _ in range(fault.rounds):
            load.produce(200)
            for one in (installation, copy, link):
                one.wait_until_posted()
        assert installation.group == link.group
        assert copy.shares() == [len(TOPIC_PARTITIONS)]
        assert_true_to_the_log(installation)
        assert_true_to_the_log(copy)
    finally:
        copy.close()
        link.close()
    fault.ended("right and balanced, both", fault.rounds)
