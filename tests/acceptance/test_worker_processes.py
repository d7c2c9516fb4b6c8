"""One worker of several processes on one book: kills of single ones and of the first, one stop, one exit code."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.events import TOPIC_PARTITIONS
from tests.processes import Installation, Worker, wait_until

COUNT = 3


@pytest.fixture
def load(installation: Installation, fault: Fault) -> Load:
    return Load(installation.cluster, fault.chance.randrange(2**32))


def processes(worker: Worker) -> set[int]:
    """Return the ids of the processes of a worker, without its first."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(worker.process.pid)], capture_output=True, text=True)
    return {int(pid) for pid in found.stdout.split()}


def require_ended(pids: set[int]) -> None:
    """Wait until none of these processes runs; one that nobody has waited for has ended too."""

    def left() -> list[str]:
        asked = ",".join(map(str, pids))
        found = subprocess.run(["ps", "-o", "pid=,stat=", "-p", asked], capture_output=True, text=True)
        return [line for line in found.stdout.splitlines() if not line.split()[1].startswith("Z")]

    wait_until(lambda: not left(), lambda: f"still there: {left()}")


def start(installation: Installation) -> tuple[Worker, set[int]]:
    """Start a worker of several processes, and wait until they share the partitions."""
    worker = installation.worker("--processes", str(COUNT))

    def shared() -> bool:
        worker.require_alive()
        shares = installation.shares() if "processes started" in worker.output else []
        return len(shares) == COUNT and sum(shares) == len(TOPIC_PARTITIONS) and max(shares) - min(shares) <= 1

    wait_until(shared, lambda: worker.output)
    return worker, processes(worker)


def test_processes_of_a_worker_are_killed_under_load(installation: Installation, load: Load, fault: Fault) -> None:
    """One of three processes of a worker killed with SIGKILL, under load: the others keep their partitions"""
    installation.session_seconds = 60  # until then nobody may take over what a killed process had
    worker, there = start(installation)
    topic_partitions = installation.topic_partitions()
    kills = 3 * fault.rounds
    for number in range(1, kills + 1):
        load.produce(100)
        os.kill(fault.chance.choice(sorted(there)), signal.SIGKILL)
        load.produce(100)
        wait_until(lambda: worker.output.count("SIGKILL") == number, lambda: worker.output)  # noqa: B023
        installation.wait_until_posted(worker)
        wait_until(lambda: len(processes(worker)) == COUNT, lambda: worker.output)
        there = processes(worker)
    assert installation.topic_partitions() == topic_partitions
    assert_true_to_the_log(installation)
    worker.process.send_signal(signal.SIGINT)
    assert worker.wait() == 0
    require_ended(there)
    assert installation.members() == 0
    fault.ended("right and balanced, nobody else moved", kills)


def test_the_first_process_of_a_worker_is_killed(installation: Installation, load: Load, fault: Fault) -> None:
    """First process of a worker killed with SIGKILL, under load: the others stop, and another worker continues"""
    for _ in range(fault.rounds):
        worker, there = start(installation)
        load.produce(200)
        worker.kill()
        require_ended(there)
        assert worker.output.count('"event": "worker stopped"') == COUNT
    load.produce(100)
    worker, there = start(installation)
    installation.wait_until_posted(worker)
    assert_true_to_the_log(installation)
    assert worker.stop() == 0
    require_ended(there)
    fault.ended("right and balanced", fault.rounds)


def test_a_process_that_fails_stops_all(installation: Installation, load: Load, fault: Fault) -> None:
    """An error inside the transaction of one of three processes"""
    worker, there = start(installation)
    load.produce(100)
    installation.wait_until_posted(worker)
    before = installation.query("SELECT count(*) FROM record")
    with closing(sqlite3.connect(installation.book, timeout=60)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER fault BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'disk failure'); END"
        )
    load.produce(100)
    assert worker.wait() == 70
    require_ended(there)
    assert "BookFault" in worker.output
    assert "disk failure" in worker.output
    assert installation.query("SELECT count(*) FROM record") == before  # an aborted transaction moves a position
    fault.ended("stopped: BookFault, nothing acknowledged", 1)
