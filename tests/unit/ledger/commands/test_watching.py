"""`totals --watch` prints a new answer after each change of the book, until it is interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.books import new_book, opened
from tests.events import granted, registered
from tests.posting import post
from tests.processes import PATIENCE_SECONDS, PROGRAM, without_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a running `totals --watch` on a book with one grant; kill it at the end."""
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        post(book, granted())
    command = [sys.executable, "-c", PROGRAM, "totals", "--by", "year", "--watch", "--json"]
    environment = without_settings() | {"LEDGER_BOOK": str(tmp_path / "book.db")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        yield process
        process.kill()


def document(lines: IO[str]) -> Any:
    """Return the next JSON document of a stream."""
    text = ""
    for line in lines:
        text += line
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            continue
    raise AssertionError(text)


def test_an_answer_follows_each_change_until_ctrl_c(watching: subprocess.Popen[str], tmp_path: Path) -> None:
    assert watching.stdout is not None
    first = document(watching.stdout)
    assert [row["kind"] for row in first["rows"]] == ["grants"]
    with opened(tmp_path / "book.db") as book:
        post(book, registered())
    second = document(watching.stdout)
    assert [row["kind"] for row in second["rows"]] == ["grants", "pledges"]
    assert second["position"] != first["position"]
    watching.send_signal(signal.SIGINT)
    assert watching.wait(PATIENCE_SECONDS) == 130
