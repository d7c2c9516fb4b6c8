"""Processes of Spark are killed while they fold, and the lake still has the tables and the root of a book.

`make spark-short`, which `.ci/run` runs too, runs this file alone.
"""

from __future__ import annotations

from pathlib import Path

from ledger.book.book import Book
from ledger.spark.commits import required_commit
from schemas.rules import Rule
from tests.processes import PROGRAM, Installation
from tests.spark.drivers import LONGEST_SECONDS, require_same, running

CLUSTER = ("--conf", "spark.master=local-cluster[2,1,1024]")
"""Two executors with a core each, as processes of their own."""
KILLING = """
import ledger.spark.advancing as advancing
folded = advancing.advance_fragment

def killed_once(source, assignment):
    import psutil
    found = folded(source, assignment)
    worker = psutil.Process()
    for name, process in (("executor", worker.parent().parent()), ("worker", worker)):
        try:
            (source.lake.parent / name).open("x").write(" ".join(process.cmdline()))
        except FileExistsError:
            continue
        process.kill()
        break
    return found

advancing.advance_fragment = killed_once
"""
"""A driver whose first task kills its executor, and whose next one its own Python worker, both by SIGKILL: when their
files are written, and before they answer."""


def test_an_executor_and_a_python_worker_are_killed(market: Installation, tmp_path: Path) -> None:
    lake, errors = tmp_path / "lake", tmp_path / "errors"
    arguments = ["spark", "replay", "--into", str(lake), *CLUSTER]
    with running(market, arguments, errors, KILLING + PROGRAM) as driver:
        assert driver.wait(LONGEST_SECONDS) == 0, errors.read_text()
    assert "CoarseGrainedExecutorBackend" in (tmp_path / "executor").read_text()
    assert "pyspark.daemon" in (tmp_path / "worker").read_text()
    log = errors.read_text()
    assert "Lost executor" in log
    assert "Python worker exited unexpectedly" in log
    commit = required_commit(lake)
    assert commit.number == 1
    require_same(lake, commit, market.book)


def test_their_log_has_records_of_every_outcome_and_rule(market: Installation) -> None:
    with Book(market.book) as book:
        rules = {rule for (rule,) in book.connection.execute("SELECT DISTINCT rule FROM rejection")}
        outcomes = ("accepted", "duplicate", "conflict", "rejected", "gap")
        counts = [sum(getattr(one, name) for one in book.positions()) for name in outcomes]
    assert {int(rule) for rule in Rule} <= rules
    assert all(counts)
