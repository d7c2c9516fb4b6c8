"""DuckDB and Polars read a lake by the example in `examples`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.spark.advancing import take_step
from tests.processes import Installation

EXAMPLE = Path(__file__).parents[2] / "examples" / "lake.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    pytest.importorskip("duckdb", reason="no duckdb: make spark")
    pytest.importorskip("polars", reason="no polars: make spark")
    spec = importlib.util.spec_from_file_location("lake_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_they_find_the_figures_of_the_book(
    spark: Any, market: Installation, tmp_path: Path, example: ModuleType
) -> None:
    take_step(spark, market.cluster, tmp_path / "lake")
    with Book(market.book) as book:
        totals = book.connection.execute(example.TOTALS.replace("GROUP BY ALL", "GROUP BY c.name, i.code")).fetchall()
        outcomes = book.connection.execute("SELECT outcome, count(*) FROM record GROUP BY outcome").fetchall()
    assert example.totals(tmp_path / "lake") == totals
    assert example.records_by_outcome(tmp_path / "lake") == sorted(outcomes)
    assert totals
