"""Commands start fast: each loads only the modules that it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.commands import Commands
from tests.books import new_book
from tests.processes import PROGRAM, without_settings

CLIENTS = {"aiokafka", "confluent_kafka", "faust", "lxml", "rich", "schemas.models", "sqlite_utils", "structlog"}
BOOKS = {"ledger.book.book", "ledger.settings", "pydantic", "pysqlite3", "schemas.events"}
SLOW = CLIENTS | {"asyncio", "ledger.settings", "pydantic", "pydantic_settings", "schemas.codec"}
"""Slow to import and useless to a reader of a book."""
READERS = (
    "totals",
    "growth",
    "views",
    "view grants region=CN year=2023 --limit 3 --csv",
    "show nothing",
    "rejections list",
    "status",
)


def modules_of(*words: str, **environment: str) -> set[str]:
    """Return the names of the modules that `ip-ledger WORDS` loads."""
    script = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {PROGRAM}"
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=without_settings() | environment)
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_is_printed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "ip-ledger 0.1.0\n"


@pytest.mark.slow
def test_a_command_imports_nothing_unneeded(tmp_path: Path) -> None:
    new_book(tmp_path / "book.db")
    book = {"LEDGER_BOOK": str(tmp_path / "book.db"), "XDG_STATE_HOME": str(tmp_path)}
    assert not (CLIENTS | BOOKS | {"typer"}) & modules_of("--version")
    assert not (CLIENTS | BOOKS) & modules_of("--help")
    for reader in READERS:
        assert not SLOW & modules_of(*reader.split(), **book), reader


def test_questions_from_python_need_no_models_of_events() -> None:
    script = "import sys, ledger.queries; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not (SLOW | {"schemas.values"}) & set(done.stdout.split())


def test_help_does_not_import_the_commands() -> None:
    commands = {f"ledger.commands.{one.module}" for group in Commands.listed.values() for one in group.values()}
    assert not commands & modules_of("--help")
    assert commands & modules_of("totals", "--help") == {"ledger.commands.reading"}
