"""Fixtures: a log of all types of events with conflicts, duplicates, bad records and transactions, and a session."""

from __future__ import annotations

import json
import os
import secrets
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import confluent_kafka
import pytest

from ledger.audit.replay import replay
from ledger.spark.session import NEEDED, session
from streams import topics
from streams.cluster import Cluster
from streams.synthetic.market import generate_all
from tests.acceptance.load import Producers, noisy_records, record_of, send
from tests.bad_input import cases
from tests.events import PLEDGE, registered
from tests.processes import PATIENCE_SECONDS, Installation
from tests.record_batches import CODECS, batch, produce, record

EVENTS = int(os.environ.get("SPARK_EVENTS", "2000"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip these tests without Spark."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"no {', '.join(missing)}: make spark"))


@pytest.fixture(scope="session", autouse=True)
def stoppable() -> None:
    """Let SIGTERM end these tests like Ctrl-C, so that Spark and Kafka end with them."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def market(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Yield a log of EVENTS events of all types, with all kinds of bad records and an open transaction, and its
    book."""
    cluster = Cluster(brokers, f"t{secrets.token_hex(3)}-")
    topics.create(cluster)
    producers, records = Producers(cluster, Random(5)), noisy_records(EVENTS, 5, generate_all)
    while some := list(islice(records, max(100, EVENTS // 50))):
        producers.produce(some)
    producers.produce((case.record for case in cases()), surely=True)
    number, pack = CODECS["gzip"]
    unreadable = batch(pack(record(0, b"P1", b"{}")) + b"trailing", 1, number)
    produce(brokers, cluster.topic(PLEDGE), 0, unreadable)
    unfinished = open_transaction(cluster)
    installation = Installation(cluster, tmp_path_factory.mktemp("market") / "book.db")
    replay(cluster, installation.book)
    yield installation
    unfinished.abort_transaction(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Yield a session in this machine's cores."""
    with session({"spark.master": "local[2,4]"}) as spark:
        yield spark


def open_transaction(cluster: Cluster) -> Any:
    """Return a producer with a record in a transaction that stays open."""
    name = f"{cluster.prefix}open"
    producer = confluent_kafka.Producer(
        cluster.librdkafka(**{"transactional.id": name, "transaction.timeout.ms": 900_000})
    )
    producer.init_transactions(PATIENCE_SECONDS)
    producer.begin_transaction()
    send(cluster, producer, [record_of(json.dumps(registered()).encode())])
    return producer
