"""Each client sends 40 events to the right partitions as docs/producers.md says: by default, or with one line set."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, TopicPartition

from ledger.posting.decoding import RecordSource, decode_record
from schemas.modes import Headers
from streams.cluster import Cluster
from tests.clients.clients import CLIENTS, Client, program

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".clients"
TOPIC, PARTITIONS = "ip.patent.v1", 4
EVENTS = b"".join((ROOT / "examples" / "uspto-grants.ndjson").read_bytes().splitlines(keepends=True)[:40])
PartitionOfCount = tuple[int, int]
"""(partition, number of partitions)"""
Record = tuple[bytes | None, bytes | None, Headers]
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| ([0-9]+) \| ([0-9]+) \|$", re.MULTILINE)
DOCUMENTED = {
    name: (int(default), int(with_line))
    for name, default, with_line in ROW.findall((ROOT / "docs" / "producers.md").read_text("utf-8"))
}


INSTALLED_HERE = pytest.mark.skipif(not INSTALLED.is_dir(), reason="no clients are installed: make clients")


def test_the_table_has_every_client() -> None:
    assert list(DOCUMENTED) == [client.name for client in CLIENTS]


def test_every_program_is_tried() -> None:
    programs = {
        str(path.relative_to(ROOT / "examples" / "clients"))
        for pattern in ("*.java", "*.mjs", "*.go", "*.py", "*.rs")
        for path in (ROOT / "examples" / "clients").rglob(pattern)
    }
    assert programs == {client.program for client in CLIENTS}


@INSTALLED_HERE
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_sends_every_event_to_its_partition(client: Client, cluster: Cluster) -> None:
    assert DOCUMENTED[client.name][1] == accepted(client, cluster) == 40


@INSTALLED_HERE
@pytest.mark.parametrize("client", [each for each in CLIENTS if each.line], ids=lambda client: client.name)
def test_a_client_without_its_line_sends_most_events_elsewhere(client: Client, cluster: Cluster) -> None:
    assert DOCUMENTED[client.name][0] == accepted(client, cluster, without_line=True) < 20


@pytest.mark.parametrize("client", [each for each in CLIENTS if not each.line], ids=lambda client: client.name)
def test_a_client_without_a_line_is_right_by_default(client: Client) -> None:
    assert DOCUMENTED[client.name][0] == 40


def accepted(client: Client, cluster: Cluster, without_line: bool = False) -> int:
    """Return how many of 40 events of the client the ledger accepts."""
    directory = INSTALLED / Path(client.program).parts[0]
    needed = (client.run.split()[0], client.needs)
    if lacking := [name for name in needed if not (shutil.which(name) or (directory / name).exists())]:
        pytest.skip(f"{', '.join(lacking)} not here: `make clients` installs what it can")
    path = program(INSTALLED, client, without_line)
    command = [word.format(path, name=path.stem) for word in client.run.split()]
    environment = os.environ | {"LEDGER_BROKERS": cluster.brokers}
    topic = cluster.topic(TOPIC)
    done = subprocess.run([*command, topic], input=EVENTS, capture_output=True, cwd=directory, env=environment)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    outcomes = [
        decode_record(RecordSource(TOPIC, *partition), *record) for partition, record in _records(cluster, topic)
    ]
    assert len(outcomes) == 40
    return sum(entry.refusal is None for entry in outcomes)


def _records(cluster: Cluster, topic: str) -> Iterator[tuple[PartitionOfCount, Record]]:
    """Yield all records of a topic, with their partition and the number of partitions."""
    consumer = Consumer(cluster.librdkafka(**{"group.id": topic, "enable.partition.eof": True}))
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
    ended = 0
    with closing(consumer):
        while ended < PARTITIONS:
            message = consumer.poll()
            if message.error() is None:
                partition = (message.partition(), PARTITIONS)
                yield partition, (message.key(), message.value(), message.headers() or ())
            else:
                assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                ended += 1
