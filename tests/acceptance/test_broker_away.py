"""A broker that goes away under a worker, and comes back or does not."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams import broker, topics
from streams.cluster import Cluster
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.processes import Installation, wait_until

STOP_SECONDS = 10
"""The promise to whoever runs workers: SIGTERM ends one within this time, whatever the broker does."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where a broker runs that only this test uses, and may kill."""
    home = tmp_path / "broker"
    broker.start(home)
    yield home
    broker.stop(home)


@pytest.fixture
def installation(home: Path, tmp_path: Path) -> Iterator[Installation]:
    address = broker.status(home).address
    assert address is not None
    cluster = Cluster(address)
    topics.create(cluster)
    installation = Installation(cluster, tmp_path / "book.db")
    yield installation
    installation.close()


def kill_broker(home: Path) -> None:
    pid = broker.status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not broker.status(home).running, lambda: "the broker lives")


def test_a_worker_outlives_its_broker_and_stops_without_it(home: Path, installation: Installation) -> None:
    load = Load(installation.cluster, seed=1)
    load.say(200)
    worker = installation.worker()
    installation.wait_until_posted()

    kill_broker(home)
    broker.start(home)
    load.say(200)
    installation.wait_until_posted()
    assert_true_to_the_log(installation)

    kill_broker(home)
    worker.require_alive()
    worker.process.terminate()
    try:
        assert worker.process.wait(STOP_SECONDS) == 0
    except subprocess.TimeoutExpired:
        pytest.fail(f"SIGTERM did not end the worker within {STOP_SECONDS} s")
