"""`doctor` on a real worker, with each fault that it checks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
import pytest

from ledger.audit.replay import replay
from ledger.book import wal
from schemas.topics import TOPICS
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.events import TOPIC_PARTITIONS
from tests.processes import PROGRAM, Installation, wait_until


@pytest.fixture
def load(installation: Installation) -> Load:
    return Load(installation.cluster, seed=4)


def examined(installation: Installation) -> dict[str, Any]:
    """Return the findings that are not well, by check, and the whole answer under `""`."""
    done = installation.run("doctor", "--json")
    found = done.json
    unwell = {finding["check"]: finding for finding in found["findings"] if not finding["well"]}
    assert (done.code, found["well"]) == (int(bool(unwell)), not unwell)
    assert all(finding["next_step"] for finding in unwell.values())
    return unwell


def test_a_worker_that_runs_is_missing_or_stalls(installation: Installation, load: Load) -> None:
    load.produce(100)
    worker = installation.worker()
    installation.wait_until_posted()
    wait_until(lambda: sum(installation.shares()) == len(TOPIC_PARTITIONS), lambda: "the worker has not all partitions")
    assert examined(installation) == {}

    with closing(sqlite3.connect(str(installation.book), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the worker waits for the book, and still sends heartbeats
        load.produce(20)
        long_ago = time.time() - 3600
        for file in (installation.book, Path(f"{installation.book}-wal")):
            os.utime(file, (long_ago, long_ago))
        found = examined(installation)
        other.execute("ROLLBACK")
    assert set(found) == {"worker"}
    assert "1 on " in found["worker"]["found"]
    assert "nothing was posted for 3,6" in found["worker"]["found"]

    installation.wait_until_posted()
    assert worker.stop() == 0
    assert examined(installation) == {}, "no worker is needed while no record waits"
    load.produce(20)
    found = examined(installation)
    assert set(found) == {"worker"}
    assert "none in the group" in found["worker"]["found"]
    assert "ip-ledger worker" in found["worker"]["next_step"]


LITTLE = f"""
from ledger.book import wal
wal.LIMIT = wal.ALARMING = 100_000
wal.TRY_SECONDS = 0.0
wal.READERS_WAIT_SECONDS = 0.001
{PROGRAM}"""
"""A worker with low limits."""

READER = """
import sys, pysqlite3
book = pysqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN")
book.execute("SELECT count(*) FROM positions").fetchall()
print("reads", flush=True)
sys.stdin.read()
"""
"""A reader that ends with its input. It is a separate process: a process loses its locks when any of its connections
closes the file."""


def test_a_reader_that_never_ends_is_named_by_worker_and_doctor_until_it_does(
    installation: Installation, load: Load
) -> None:
    load.produce(50)
    installation.program = LITTLE
    worker = installation.worker()
    installation.wait_until_posted()
    command = [sys.executable, "-c", READER, str(installation.book)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reads\n"
        load.until(lambda: "wal grows" in worker.output, lambda: worker.output, most=2000)
        installation.wait_until_posted()  # no batch follows from here on
        found = examined(installation)
        assert f"held by {reader.pid} " in found["WAL"]["found"]
        assert installation.run("status", "--json").json["wal_bytes"] > 100_000
        reader.stdin.close()
    # it may have grown and shrunk before, with other readers
    wait_until(lambda: wal.wal_bytes(installation.book) <= 100_000, lambda: worker.output)
    wait_until(lambda: worker.output.rfind("wal shrank") > worker.output.rfind("wal grows"), lambda: worker.output)
    assert worker.output.count("wal grows") < 10, "logged once for each doubling"
    assert "WAL" not in examined(installation)


def test_brokers_and_topics_and_the_log(installation: Installation, load: Load, prefix: str) -> None:
    load.produce(50)
    replay(installation.cluster, installation.book)
    away = Installation(Cluster("127.0.0.1:1"), installation.book)
    assert set(examined(away)) == {"broker"}
    elsewhere = Installation(Cluster(installation.cluster.brokers, f"{prefix}none-"), installation.book)
    found = examined(elsewhere)
    assert set(found) == {"topics"}
    assert found["topics"]["next_step"] == "ip-ledger topics create"
    names = ", ".join(map(elsewhere.cluster.topic, TOPICS))
    assert found["topics"]["found"] == f"8 of 8 topics missing ({names})"
    done = elsewhere.run("doctor", "--table")
    assert done.err.splitlines()[-1] == "Something needs doing: topics."
    assert done.out.count("to do") == 1
    with closing(sqlite3.connect(str(installation.book))) as other, other:
        other.execute("UPDATE meta SET value = 'another' WHERE name = 'cluster_id'")
    found = examined(installation)
    assert set(found) == {"log"}
    assert "OtherLog" not in found["log"]["found"]
    assert "the cluster id was another" in found["log"]["found"]
