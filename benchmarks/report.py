"""The measured figures, as a table for people."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable

import pysqlite3

Figures = dict[str, float | int | str]
"""Measured figures and their environment, by name."""

FLOORS: dict[str, tuple[str, float]] = {
    "worker_vs_stock_faust": (">=", 3.0),
    "transport_vs_stock_faust": (">=", 20.0),
    "worker_vs_plain_loop": (">=", 0.6),
    "worker_vs_plain_loop_at_1m": (">=", 0.6),
    "all_cores_vs_one_process": (">=", 1.6),
    "all_cores_vs_plain_loop": (">=", 1.0),
    "replay_vs_worker": (">=", 1.5),
    "worker_vs_without_trees": (">=", 0.9),
    "freshness_p99_ms": ("<", 50.0),
    "totals_query_p99_ms": ("<", 5.0),
    "question_overview_slowest_ms": ("<", 20.0),
    "question_filtered_too_slow": ("<", 1),
    "question_views_too_slow": ("<", 1),
    "good_in_flood_1_to_1_vs_alone": (">=", 0.5),
}
"""The floors that the design promises. A run reports whether it reaches them, and never fails: machines differ."""
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda found, floor: found >= floor,
    "<": lambda found, floor: found < floor,
}


def environment(kafka: str, events: int, aged: int, rounds: int) -> Figures:
    """Return the environment of the run."""
    return {
        "events": events,
        "aged_events": aged,
        "rounds": rounds,
        "cpus": os.cpu_count() or 0,
        "python": platform.python_version(),
        "sqlite": pysqlite3.sqlite_version,
        "kafka": kafka,
    }


def print_table(figures: Figures) -> None:
    """Print one line for each figure, with its floor if it has one."""
    for name, figure in figures.items():
        print(f"{name:<36}{_shown(figure):>16}{_floor(name, figure)}")


def _shown(figure: float | int | str) -> str:
    if isinstance(figure, float):
        return f"{figure:,.0f}" if figure >= 1000 else f"{figure:,.2f}"
    return f"{figure:,}" if isinstance(figure, int) else figure


def _floor(name: str, figure: float | int | str) -> str:
    if name not in FLOORS or isinstance(figure, str):
        return ""
    sign, floor = FLOORS[name]
    return f"  (target: {sign} {floor:g}{'' if _HOLDS[sign](figure, floor) else ', MISSED'})"
