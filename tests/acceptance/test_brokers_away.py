"""Unreachable brokers: the worker logs it once, retries seldom, and continues when they are back."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from schemas.topics import REJECTION_TOPIC
from streams import broker, topics
from streams.broker import properties
from streams.cluster import Cluster
from streams.reader import Reader
from tests.acceptance.fault import Fault
from tests.events import PATENT, granted, value_of
from tests.processes import Installation, Worker, wait_until

WINDOW_SECONDS = 20
MOST_KNOCKS = 12
"""Connections a second. A stock client makes 35."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Yield the directory of a running broker for one test."""
    directory = tmp_path / "broker"
    broker.start(directory)
    yield directory
    broker.stop(directory)


@pytest.mark.broker
@pytest.mark.parametrize("arguments", [pytest.param((), marks=pytest.mark.long), ("--publish-rejections",)])
def test_unreachable_brokers_are_logged_once_and_retried_seldom(
    home: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    address = broker.status(home).address
    assert address is not None
    installation = Installation(Cluster(address), tmp_path / "book.db")
    try:  # no client in this process: it would connect too
        assert installation.run("topics", "create").code == 0
        worker = installation.worker(*arguments)
        _post_one(installation, 1)
        broker.stop(home)
        assert 0 < _connections_a_second(address, worker) < MOST_KNOCKS
        assert [line["event"] for line in _lines(worker, "brokers")] == ["brokers away"]
        assert _lines(worker, "library") == []
        broker.start(home)
        wait_until(lambda: len(_lines(worker, "brokers back")) == 1, lambda: worker.output)
        _post_one(installation, 2)
        assert worker.stop() == 0
        away, back = _lines(worker, "brokers")
        assert away["brokers"] == back["brokers"] == address
        assert back["seconds"] >= WINDOW_SECONDS
    finally:
        installation.close()


@pytest.mark.broker
def test_rejections_are_published_again_when_brokers_are_back(home: Path, tmp_path: Path) -> None:
    address = broker.status(home).address
    assert address is not None
    installation = Installation(Cluster(address), tmp_path / "book.db")
    try:
        assert installation.run("topics", "create").code == 0
        worker = installation.worker("--publish-rejections")
        _reject_one(installation, worker, 1)
        broker.stop(home)
        broker.start(home)
        _reject_one(installation, worker, 2)
        assert worker.stop() == 0
        assert len(_lines(worker, "rejections not published")) <= 2
    finally:
        installation.close()


@pytest.mark.broker
def test_a_cluster_that_lists_no_broker_is_named(home: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that lists no broker, as its only one leaves service every second"""
    address = broker.status(home).address
    assert address is not None
    topics.create(Cluster(address))
    broker.stop(home)
    steady = "broker.session.timeout.ms=6000\nbroker.heartbeat.interval.ms=500\n"
    assert steady in properties._TEMPLATE
    absent = "broker.session.timeout.ms=300\nbroker.heartbeat.interval.ms=1500\n"
    monkeypatch.setattr(properties, "_TEMPLATE", properties._TEMPLATE.replace(steady, absent))
    broker.start(home)
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_ALL_THE_TIME, address], capture_output=True, text=True, timeout=120
    )
    assert (asked.returncode, asked.stderr) == (0, "")  # librdkafka aborts here
    assert {line.split(" at ")[0] for line in asked.stdout.splitlines()} <= {"found", "Cannot connect to Kafka"}
    fault.ended("each answer is the log's identity, or `BrokerUnavailable`", len(asked.stdout.splitlines()))


_ASK_ALL_THE_TIME = """
import sys, time
from streams.cluster import BrokerUnavailable, Cluster
from streams.log_identity import identity

end = time.monotonic() + 8
while time.monotonic() < end:
    try:
        assert identity(Cluster(sys.argv[1], timeout=1.0)).cluster_id
        print("found")
    except BrokerUnavailable as error:
        print(error)
"""


def _reject_one(installation: Installation, worker: Worker, count: int) -> None:
    """Send a record that is not an event, and wait until the topic has `count` rejections."""
    producer = Producer(installation.cluster.librdkafka())
    producer.produce(PATENT, b"no event")
    assert producer.flush(60) == 0
    wait_until(lambda: _sent(installation.cluster) >= count, lambda: worker.output)


def _sent(cluster: Cluster) -> int:
    with Reader(cluster) as reader:
        return reader.bounds([REJECTION_TOPIC])[REJECTION_TOPIC, 0].end


def _post_one(installation: Installation, count: int) -> None:
    """Publish an event, and wait until the book has `count` records."""
    assert installation.run("publish", "-", given=value_of(granted(f"g{count}", f"US{count}B2"))).code == 0
    wait_until(lambda: installation.posted() == count, lambda: installation.workers[0].output)


def _connections_a_second(address: str, worker: Worker) -> float:
    """Return how many connections arrive at the address of the brokers a second, up to the end of the window."""
    host, _, port = address.partition(":")
    knocks = 0
    with closing(socket.create_server((host, int(port)))) as listener:
        start = time.monotonic()  # what connects before the log's line waits in the backlog
        wait_until(lambda: bool(_lines(worker, "brokers away")), lambda: worker.output)
        listener.settimeout(0.1)
        end = time.monotonic() + WINDOW_SECONDS
        while time.monotonic() < end:
            worker.require_alive()
            try:
                listener.accept()[0].close()
            except TimeoutError:
                continue
            knocks += 1
    return knocks / (time.monotonic() - start)


def _lines(worker: Worker, event: str) -> list[dict[str, Any]]:
    """Return the lines of its log for this log event."""
    lines = [json.loads(line) for line in worker.output.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"].startswith(event)]
