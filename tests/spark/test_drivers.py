"""Drivers are killed or stopped, and the lake has the root of a book."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from ledger.audit.replay import replay
from ledger.spark.advancing import take_step
from ledger.spark.commits import last_commit, required_commit
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.processes import PATIENCE_SECONDS, PROGRAM, Installation, wait_until
from tests.spark.drivers import LONGEST_SECONDS, files, root_of, running

CORES = ("--conf", "spark.master=local[2,4]")
KILLED = "import os, ledger.spark.advancing as a; a.publish_commit = lambda *_: os.kill(os.getpid(), 9)"
"""A driver that is killed when all is written, and before its commit."""


def test_a_driver_is_killed_between_its_files_and_its_commit(spark: Any, market: Installation, tmp_path: Path) -> None:
    lake, errors = tmp_path / "lake", tmp_path / "errors"
    arguments = ["spark", "replay", "--into", str(lake), *CORES]
    with running(market, arguments, errors, f"{KILLED}; {PROGRAM}") as driver:
        assert driver.wait(LONGEST_SECONDS) == -signal.SIGKILL, errors.read_text()
    left = files(lake)
    assert left > 0
    assert last_commit(lake) is None
    commit = take_step(spark, market.cluster, lake).commit
    assert (commit.number, commit.root) == (1, root_of(market.book))
    assert files(lake) == 2 * left, "the files of the killed driver are there and do not count"


def test_a_lake_follows_the_log_until_sigterm(cluster: Cluster, tmp_path: Path) -> None:
    lake, errors = tmp_path / "lake", tmp_path / "errors"
    load, installation = Load(cluster, 3), Installation(cluster, tmp_path / "book.db")
    load.produce(100)

    def committed(number: int) -> bool:
        assert driver.poll() is None, errors.read_text()
        commit = last_commit(lake) if (lake / "commits").exists() else None
        return commit is not None and commit.number >= number

    with running(installation, ["spark", "live", "--into", str(lake), "--seconds", "0.2", *CORES], errors) as driver:
        wait_until(lambda: committed(1), errors.read_text)
        load.produce(100)
        wait_until(lambda: committed(2), errors.read_text)
        ends = installation.ends()
        wait_until(lambda: _next_offsets(lake) == ends, errors.read_text)
        os.kill(driver.pid, signal.SIGTERM)
        assert driver.wait(PATIENCE_SECONDS) == 0, errors.read_text()
    replay(cluster, installation.book)
    assert required_commit(lake).root == root_of(installation.book)


def _next_offsets(lake: Path) -> dict[Any, int]:
    return {topic_partition: following for topic_partition, (_, following) in required_commit(lake).positions.items()}
