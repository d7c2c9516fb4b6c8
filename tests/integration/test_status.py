"""Status: the position of every partition, and whether every offset has an outcome."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from ledger.audit.replay import replay
from streams.synthetic.pledges import generate_pledges
from tests.acceptance.judgement import COUNTS
from tests.acceptance.load import Producers, commit, record_of, send
from tests.events import TOPIC_PARTITIONS
from tests.processes import Installation


@pytest.fixture
def book(loaded: Installation, tmp_path: Path) -> Installation:
    """Return a copy of the book that a test may change."""
    shutil.copy(loaded.book, tmp_path / "book.db")
    return Installation(loaded.cluster, tmp_path / "book.db")


def test_it_shows_the_counts_of_the_book_with_the_ends_of_the_log(loaded: Installation) -> None:
    done = loaded.run("status", "--json")
    assert (done.code, done.err) == (0, "")
    found = done.json
    assert (found["book"], found["balanced"]) == (str(loaded.book), True)
    ends = loaded.ends()
    rows = loaded.query(f"SELECT topic, partition, {', '.join(COUNTS)} FROM positions ORDER BY topic, partition")
    assert [[part[name] for name in ("topic", "partition", *COUNTS)] for part in found["partitions"]] == [
        list(row) for row in rows
    ]
    assert {(p["topic"], p["partition"]): (p["end"], p["lag"]) for p in found["partitions"]} == {
        topic_partition: (end, 0) for topic_partition, end in ends.items()
    }


def test_uncommitted_records_are_lag_and_wait(installation: Installation) -> None:
    """The end is the last stable offset: nobody can read beyond it, but the log is longer."""
    transactional = Producers(installation.cluster, Random(1)).transactional
    records = [record_of(value) for value in generate_pledges(60, 1)]
    transactional.begin_transaction()
    send(installation.cluster, transactional, records)
    replay(installation.cluster, installation.book)
    parts = installation.run("status", "--json").json["partitions"]
    assert sum(part["lag"] for part in parts) == sum(part["waiting"] for part in parts) == len(records)
    assert all(part["end"] == part["next"] for part in parts)
    commit(installation.cluster, transactional)
    topic_partitions = {(record.topic, record.partition) for record in records}
    assert lag(installation) == len(records) + len(topic_partitions), "each partition also has a marker"


def lag(installation: Installation) -> int:
    return sum(part["lag"] for part in installation.run("status", "--json").json["partitions"])


def test_an_empty_book_has_no_age(installation: Installation) -> None:
    replay(installation.cluster, installation.book)
    found = installation.run("status", "--json").json
    assert found["age_seconds"] is None
    assert [(part["topic"], part["partition"]) for part in found["partitions"]] == sorted(TOPIC_PARTITIONS)
    assert {part["lag"] for part in found["partitions"]} == {0}


def test_without_brokers_the_lag_is_unknown(loaded: Installation, tmp_path: Path) -> None:
    """Without configured or embedded brokers, no broker is started for a query."""
    home = tmp_path / "broker"
    done = loaded.run("status", "--json", LEDGER_BROKERS="", LEDGER_BROKER_DIR=str(home))
    assert done.code == 0
    assert {(part["end"], part["lag"]) for part in done.json["partitions"]} == {(None, None)}
    assert done.json["balanced"] is True
    assert not home.exists()


def test_offsets_without_an_outcome_are_a_broken_promise(book: Installation) -> None:
    with closing(sqlite3.connect(book.book)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE position SET accepted = accepted + 1 WHERE topic = 1 AND partition = 3")
    done = book.run("status", "--json")
    assert (done.code, done.json["balanced"]) == (70, False)
