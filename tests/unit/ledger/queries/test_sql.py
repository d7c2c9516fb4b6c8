"""SQL of the reader's own: what an answer may have, and how many run at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.queries import sql


def test_long_rows_are_fewer() -> None:
    long = ("x" * 9_000,) * 100  # cut to 2,000 each
    assert len(list(sql._fitting([long] * 30))) == 20
    assert len(list(sql._fitting([("x" * 2_000,) * 2_200]))) == 1


def test_few_statements_run_at_once() -> None:
    for _ in range(sql.AT_ONCE):
        assert sql._turns.acquire(blocking=False)
    try:
        with pytest.raises(sql.SqlBusy, match="2 statements"):
            sql.run_select(Path("none.db"), "SELECT 1")
    finally:
        for _ in range(sql.AT_ONCE):
            sql._turns.release()


def test_a_statement_with_a_nul_is_explained(market: Path) -> None:
    assert "null" in sql._answer(market, "SELECT 1\0", 1)["refused"]
