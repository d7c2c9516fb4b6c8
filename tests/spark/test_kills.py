"""Processes of Spark are killed, and the lake still has the root of a book."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from ledger.audit.replay import replay
from ledger.book.book import Book
from ledger.book.digest import digest_of
from ledger.spark.advancing import take_step
from ledger.spark.commits import last_commit, required_commit
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.processes import PATIENCE_SECONDS, PROGRAM, Installation, wait_until

CLUSTER = ("--conf", "spark.master=local-cluster[2,1,1024]")
"""Two executors with a core each, as processes of their own."""
CORES = ("--conf", "spark.master=local[2,4]")
KILLED = "import os, ledger.spark.advancing as a; a.publish_commit = lambda *_: os.kill(os.getpid(), 9)"
"""A driver that is killed when all is written, and before its commit."""


@contextmanager
def running(
    installation: Installation, arguments: Sequence[str], errors: Path, program: str = PROGRAM
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process of `ip-ledger ARGUMENTS`, with its stderr in a file. Kill what is left of it."""
    with errors.open("wb") as stream:
        command = [sys.executable, "-c", program, *arguments]
        process = subprocess.Popen(command, env=installation.environment, stderr=stream, cwd=errors.parent)
    try:
        yield process
    finally:
        for one in [*below(process.pid), psutil.Process(process.pid)] if process.poll() is None else []:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait(PATIENCE_SECONDS)


def below(pid: int) -> list[psutil.Process]:
    """Return the processes that a process has started, directly or not."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def executors(pid: int) -> list[psutil.Process]:
    """Return the executors of a driver."""
    return [one for one in below(pid) if "CoarseGrainedExecutorBackend" in " ".join(_command(one))]


def workers(pid: int) -> list[psutil.Process]:
    """Return the Python workers below a driver: processes that the daemon of an executor has forked."""
    daemons = [one for one in below(pid) if "pyspark.daemon" in _command(one)]
    return [one for one in daemons if one.ppid() in {daemon.pid for daemon in daemons}]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def files(lake: Path) -> int:
    """Return the number of files that tasks have written."""
    return len([*lake.glob("data/*/*/*.parquet")])


def root_of(book: Path) -> str:
    """Return the root of the digest of a book."""
    with Book(book) as opened:
        return digest_of(opened)


def test_an_executor_and_a_python_worker_are_killed(market: Installation, tmp_path: Path) -> None:
    lake, errors = tmp_path / "lake", tmp_path / "errors"
    with running(market, ["spark", "replay", "--into", str(lake), *CLUSTER], errors) as driver:

        def killed(find: Any, some: int) -> int:
            def found() -> bool:
                assert driver.poll() is None, errors.read_text()
                return files(lake) >= some and bool(find(driver.pid))

            wait_until(found, errors.read_text)
            find(driver.pid)[0].kill()
            return files(lake)

        written = killed(executors, 1)
        killed(workers, written + 1)
        assert driver.wait(PATIENCE_SECONDS * 2) == 0, errors.read_text()
    log = errors.read_text()
    assert "Lost executor" in log
    assert "Python worker exited unexpectedly" in log
    commit = required_commit(lake)
    assert (commit.number, commit.root) == (1, root_of(market.book))


def test_a_driver_is_killed_between_its_files_and_its_commit(spark: Any, market: Installation, tmp_path: Path) -> None:
    lake, errors = tmp_path / "lake", tmp_path / "errors"
    arguments = ["spark", "replay", "--into", str(lake), *CORES]
    with running(market, arguments, errors, f"{KILLED}; {PROGRAM}") as driver:
        assert driver.wait(PATIENCE_SECONDS * 2) == -signal.SIGKILL, errors.read_text()
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
