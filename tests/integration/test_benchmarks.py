"""A small run of the benchmarks: every part runs, every peer's totals are right, and the last line is JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.report import FLOORS

ROOT = Path(__file__).parents[2]
ALSO = {
    "worker_per_second",
    "stock_faust_per_second",
    "plain_loop_per_second",
    "transport_vs_working_stock_faust",
    "freshness_p50_ms",
    "bytes_per_event",
    "worker_memory_mb",
    "worker_memory_mb_at_lag_1m",
    "good_in_flood_9_to_1_vs_alone",
    "cpus",
    "python",
    "sqlite",
    "kafka",
    "events",
}
"""Keys of the last line that others read, besides the figures with a floor."""

SLOW = {"question_views_too_slow", "question_filtered_too_slow"}
"""Counts, which are 0 if all is well."""


def test_every_part_runs_and_the_last_line_is_one_json_object(brokers: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--events", "200"],
        cwd=ROOT,
        env=os.environ | {"LEDGER_BROKERS": brokers},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    *table, last = answer.stdout.splitlines()
    figures = json.loads(last)
    assert set(figures) >= {*FLOORS, *ALSO}
    assert {name for name in FLOORS if not figures[name] > 0} <= {
        "question_views_too_slow",
        "question_filtered_too_slow",
    }
    assert [line.split()[0] for line in table] == list(figures)
