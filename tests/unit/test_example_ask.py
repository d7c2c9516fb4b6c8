"""The Python example runs on a book and shows its content."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.posting import new_market
from tests.processes import without_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_market(tmp_path_factory.mktemp("ask") / "book.db", 1_000, 3)


def printed(book: Path, *words: str) -> str:
    command = [sys.executable, str(ROOT / "examples" / "ask.py"), *words]
    environment = without_settings() | {"LEDGER_BOOK": str(book), "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_asks_a_book(book: Path) -> None:
    lines = printed(book).splitlines()
    assert lines[0].startswith("Pledges from 1 January to 2024-06-30, corrected, at ip.deal.v1:0=")
    assert lines[1].split()[0] == "ALL", "the whole has the largest amount"
    assert "industry,name_en,name_zh,currency,pledges,amount,amount_minor" in lines
    assert " events; rows in " in lines[-1]


def test_the_example_makes_a_frame(book: Path) -> None:
    pytest.importorskip("polars", reason="polars is not installed: the example's frame is not tried")
    assert "┌" in printed(book, "--frame")
