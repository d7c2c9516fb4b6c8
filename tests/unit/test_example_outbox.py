"""The outbox example, against the server's application: an event that was committed arrives once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from ledger.settings import Settings
from ledger.web.app import create_app
from tests.books import new_book, opened
from tests.log_of_book import LogOfBook
from tests.posting import shown
from tests.processes import without_settings
from tests.servers import listening

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "outbox" / "outbox.py"


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Return the application on a new book, without brokers."""
    new_book(tmp_path / "book.db")
    return create_app(Settings.model_validate({"book": tmp_path / "book.db"}))


@pytest.fixture
def server(app: FastAPI) -> Iterator[str]:
    with listening(app) as address:
        yield address


def ran(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLE), "bank.db", *words]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, env=without_settings())


def outbox(directory: Path, *columns: str) -> list[Any]:
    database = sqlite3.connect(directory / "bank.db")
    try:
        return database.execute(f"SELECT {', '.join(columns)} FROM outbox ORDER BY number").fetchall()
    finally:
        database.close()


def forget_receipts(directory: Path) -> None:
    database = sqlite3.connect(directory / "bank.db")
    with database:
        database.execute("UPDATE outbox SET receipt = NULL")
    database.close()


def journal(directory: Path) -> list[Any]:
    with opened(directory / "book.db") as book:
        return [tuple(row) for row in shown(book, "journal", "id", "subject", "outcome")]


def test_an_event_waits_for_the_log_and_counts_once(app: FastAPI, server: str, tmp_path: Path) -> None:
    for amount in ("450000.00", "50000.00"):
        assert ran(tmp_path, "repay", "deal-1", amount, "CNY").returncode == 0
    away = ran(tmp_path, "relay", server)
    assert (away.returncode, outbox(tmp_path, "receipt", "refusal")) == (1, [(None, None)] * 2)
    assert "503" in away.stderr
    assert "It stays pending" in away.stderr

    app.state.publisher = LogOfBook(tmp_path / "book.db")
    assert ran(tmp_path, "relay", server).returncode == 0
    ids = [json.loads(event)["id"] for (event,) in outbox(tmp_path, "event")]
    receipts = [json.loads(receipt) for (receipt,) in outbox(tmp_path, "receipt")]
    assert [receipt["id"] for receipt in receipts] == ids
    assert journal(tmp_path) == [(each, "deal-1", "accepted") for each in ids]
    assert ran(tmp_path, "relay", server).returncode == 0, "nothing is pending"
    assert len(journal(tmp_path)) == 2

    forget_receipts(tmp_path)  # as if the relay had crashed between the answers and its marks
    assert ran(tmp_path, "relay", server).returncode == 0
    assert journal(tmp_path)[2:] == [(each, "deal-1", "duplicate") for each in ids]


def test_a_refused_event_is_kept_with_its_reason_and_stops_no_other(app: FastAPI, server: str, tmp_path: Path) -> None:
    app.state.publisher = LogOfBook(tmp_path / "book.db")
    for amount in ("1,000", "1000"):
        ran(tmp_path, "repay", "deal-1", amount, "CNY")
    done = ran(tmp_path, "relay", server)
    assert (done.returncode, done.stderr.strip().startswith("The ledger refused 1 events")) == (1, True)
    ((refusal, nothing), (none, receipt)) = outbox(tmp_path, "refusal", "receipt")
    assert (json.loads(refusal)["path"], nothing, none) == ("data.amount.amount", None, None)
    assert json.loads(receipt)["offset"] == 0


def test_a_repayment_and_its_event_are_written_together(tmp_path: Path) -> None:
    ran(tmp_path, "repay", "deal-1", "1", "CNY")
    database = sqlite3.connect(tmp_path / "bank.db")
    database.execute("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    assert ran(tmp_path, "repay", "deal-1", "2", "CNY").returncode != 0
    assert database.execute("SELECT amount FROM repayment").fetchall() == [("1",)]
    database.close()
