"""The embedded broker as a real daemon: its data, and how it fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from streams import broker
from streams.broker.errors import BrokerDied, DirectoryUnusable

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif("LEDGER_BROKERS" in os.environ, reason="LEDGER_BROKERS is set: nothing is started"),
]

LARGEST = 4_194_304  # the largest batch that topics accept, in bytes


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "a broker, 知识产权"
    yield directory
    broker.stop(directory)


def write(address: str, topic: str, value: bytes) -> None:
    """Create a topic of one partition and write one record to it."""
    admin = AdminClient({"bootstrap.servers": address})
    for created in admin.create_topics([NewTopic(topic, 1, 1)]).values():
        created.result(30)
    producer = Producer({"bootstrap.servers": address, "message.max.bytes": LARGEST})
    producer.produce(topic, value)
    assert producer.flush(30) == 0


def read(address: str, topic: str) -> bytes | None:
    """Return the value of the first record of a topic of one partition."""
    consumer = Consumer({"bootstrap.servers": address, "group.id": "readers"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    record = consumer.poll(30)
    consumer.close()
    assert record is not None
    assert record.error() is None
    value: bytes | None = record.value()
    return value


def test_a_broker_outlives_its_starter_and_keeps_data_and_address(home: Path) -> None:
    program = "import sys, pathlib; from streams import broker; broker.start(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, home], check=True, timeout=300)
    first = broker.status(home)
    assert first.running
    assert first.version == broker.KAFKA_VERSION
    assert first.address is not None
    assert broker.start(home) == first

    value = b"x" * (LARGEST - 1000)
    write(first.address, "kept", value)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)  # a crash must not lose data on the disk or block the next start

    second = broker.start(home)
    assert second.pid != first.pid
    assert second.address == first.address
    assert read(first.address, "kept") == value

    assert broker.stop(home)
    assert not broker.stop(home)
    assert broker.status(home) == broker.BrokerStatus(False, None, None, broker.KAFKA_VERSION, home)


def test_a_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for directory in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DirectoryUnusable, match=f"keep its files in {directory}: .*Choose another"):
            broker.start(directory)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_broker_that_cannot_start_names_the_reason(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "meta.properties").write_text("version=1\ncluster.id=other\nnode.id=7\n")
    with pytest.raises(BrokerDied, match="Stored node id 7 doesn't match"):
        broker.start(home)
    assert not broker.status(home).running
