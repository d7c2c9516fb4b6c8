"""The answers of `ip-ledger publish` for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.commands import app
from ledger.commands.context import settings
from ledger.commands.producing import WARNINGS_SHOWN
from tests.books import new_book
from tests.events import registered, value_of, voided

LINES = [value_of(voided(registered(f"r{number}", f"P{number}"))) for number in range(WARNINGS_SHOWN + 2)]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield a file of voids whose targets are not in the book."""
    new_book(tmp_path / "book.db")
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(LINES))
    monkeypatch.setenv("LEDGER_BOOK", str(tmp_path / "book.db"))
    settings.cache_clear()
    yield str(path)
    settings.cache_clear()


def test_the_first_warnings_are_printed_and_the_rest_is_counted(file: str) -> None:
    found = CliRunner().invoke(app, ["publish", file, "--dry-run"])
    *warnings, rest, last = found.output.splitlines()
    assert [line.partition(": warning: ")[0] for line in warnings] == [f"line {n + 1}" for n in range(WARNINGS_SHOWN)]
    assert (rest, last) == (
        "2 more lines have such a warning; --json prints each.",
        "Would publish 7 events; refused 0.",
    )


def test_json_has_each_warning(file: str) -> None:
    found = CliRunner().invoke(app, ["publish", file, "--dry-run", "--json"])
    answers = [json.loads(line) for line in found.stdout.splitlines()]
    assert [answer["warning"].split()[:3] for answer in answers] == [
        ["its", "target", f"r{number}"] for number in range(len(LINES))
    ]
    assert "such a warning" not in found.output
