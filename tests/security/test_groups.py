"""The consumer group: its name may be chosen, and it belongs to one book."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from confluent_kafka import Consumer

from ledger.book.book import Book
from schemas.topics import TOPICS
from streams.group import GroupNotClassic, GroupTaken, members
from streams.watchdog import Watchdog
from tests.acceptance.fault import Fault
from tests.acceptance.load import Load
from tests.events import PLEDGE, TOPIC_PARTITIONS
from tests.processes import Installation, wait_until


class NamedGroup(Installation):
    """An installation with a chosen group."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LEDGER_GROUP": self.group}

    @property
    def group(self) -> str:
        return f"{self.cluster.prefix}posting"


def test_two_live_books_of_one_group_are_refused_and_two_workers_of_one_are_not(installation: Installation) -> None:
    first = NamedGroup(installation.cluster, installation.book)
    other = replace(first, book=installation.book.with_name("other.db"), workers=[])
    try:
        one, two = first.worker(), first.worker()
        wait_until(lambda: len(first.shares()) == 2, lambda: f"they share {first.shares()}; {one.output}; {two.output}")
        (client,) = {member.client for member in members(first.cluster, first.group)}
        with Book(first.book) as book:
            assert client == f"ip-ledger.{book.id}"
        assert other.worker().wait() == 70
        text = other.workers[0].output
        assert f"GroupTaken: The consumer group {first.group} has a member that is not a worker of this book, " in text
        assert f"{client} on 127.0.0.1" in text
        assert "Traceback" not in text
        assert len(first.shares()) == 2, "the running workers must not notice"
        assert sum(other.next_offsets().values()) == 0, "no batch may be posted"
        found = first.run("doctor", "--json").json["findings"]
        assert next(row["found"] for row in found if row["check"] == "worker").startswith("2 on 127.0.0.1")
        assert (one.stop(), two.stop()) == (0, 0)
        again = other.worker()
        wait_until(lambda: len(other.shares()) == 1, lambda: again.output)
        assert again.stop() == 0
    finally:
        first.close()
        other.close()


def test_a_worker_of_another_book_that_joins_at_the_same_moment_is_found_at_the_assignment(
    installation: Installation,
) -> None:
    first = NamedGroup(installation.cluster, installation.book)
    try:
        one = first.worker()
        wait_until(lambda: len(first.shares()) == 1, lambda: one.output)
        settings = {"client.id": "ip-ledger.another", "group.id": first.group}
        other = Consumer(first.cluster.librdkafka(**settings, **{"partition.assignment.strategy": "roundrobin"}))
        other.subscribe([first.cluster.topic(name) for name in TOPICS])
        wait_until(lambda: other.poll(0.1) is None and not one.alive, lambda: one.output)
        other.close()
        assert one.wait() == 70
        assert "GroupTaken: " in one.output
        assert "ip-ledger.another on 127.0.0.1" in one.output
    finally:
        first.close()


# ---- members that are not workers

STRANGER = "kafka-console-consumer"
PROTOCOLS = [("classic", "GroupTaken"), ("consumer", "GroupNotClassic")]


def test_a_member_that_is_no_worker_is_found_at_the_start(installation: Installation, fault: Fault) -> None:
    """A consumer in the group that is not a worker, by either group protocol, before the start"""
    Load(installation.cluster, seed=5).produce(50)
    for protocol, error in PROTOCOLS:
        named = NamedGroup(installation.cluster, installation.book)
        with stranger(named, protocol) as there:
            assert named.worker().wait() == 70
            assert_named(there, named, error)
        named.close()
    fault.ended("stopped: GroupTaken, GroupNotClassic", len(PROTOCOLS))


def test_a_member_that_is_no_worker_ends_a_running_one(installation: Installation, fault: Fault) -> None:
    """A consumer that is not a worker joins the group of a running worker, by either group protocol"""
    for protocol, error in PROTOCOLS:
        ended_by_a_stranger(NamedGroup(installation.cluster, installation.book), protocol, error)
    fault.ended("stopped: GroupTaken, GroupNotClassic", len(PROTOCOLS))


def ended_by_a_stranger(named: NamedGroup, protocol: str, error: str) -> None:
    worker = named.worker()
    wait_until(lambda: named.shares() == [len(TOPIC_PARTITIONS)], lambda: worker.output)
    with stranger(named, protocol) as there:
        wait_until(lambda: there.poll(0.1) is None and not worker.alive, lambda: worker.output)
        assert worker.wait() == 70
        assert_named(there, named, error)
    named.close()


@pytest.mark.parametrize(("protocol", "error"), [("classic", GroupTaken), ("consumer", GroupNotClassic)])
def test_the_watchdog_does_not_take_a_stranger_for_a_worker(
    installation: Installation, protocol: str, error: type[Exception]
) -> None:
    named = NamedGroup(installation.cluster, installation.book)

    async def watch() -> None:
        watchdog = Watchdog(named.cluster, named.group, "ip-ledger.us", patience=0.1)
        await watchdog.watch(
            lambda: False, lambda: (), lambda topic_partitions: asyncio.sleep(0, dict.fromkeys(topic_partitions, 0))
        )

    with stranger(named, protocol), pytest.raises(error):
        asyncio.run(watch())


@contextmanager
def stranger(named: NamedGroup, protocol: str) -> Iterator[Consumer]:
    """Yield a member of the group that has partitions of one topic."""
    settings = {"client.id": STRANGER, "group.id": named.group, "group.protocol": protocol}
    consumer = Consumer({"bootstrap.servers": named.cluster.brokers, **settings})
    consumer.subscribe([named.cluster.topic(PLEDGE)])
    try:
        wait_until(lambda: consumer.poll(0.1) is None and bool(consumer.assignment()), lambda: "it gets no partition")
        yield consumer
    finally:
        consumer.close()


def assert_named(there: Consumer, named: NamedGroup, error: str) -> None:
    """Assert that the worker and the doctor name the stranger."""
    there.poll(0)
    (worker,) = named.workers
    (found,) = (row for row in named.run("doctor", "--json").json["findings"] if row["check"] == "worker")
    assert not found["well"]
    for text in (worker.output, found["found"]):
        assert named.group in text
        assert f"{STRANGER} on 127.0.0.1" in text or error != "GroupTaken"
    assert f"{error}: " in worker.output
    assert "group.protocol=consumer" in found["found"] or error != "GroupNotClassic"
