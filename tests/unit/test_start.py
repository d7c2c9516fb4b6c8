"""The first word comes fast: a command loads only what it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.books import new_book
from tests.processes import PROGRAM, without_settings

CLIENTS = {"aiokafka", "confluent_kafka", "faust", "lxml", "rich", "schemas.models", "sqlite_utils", "structlog"}
BOOKS = {"ledger.book.book", "ledger.settings", "pydantic", "pysqlite3", "schemas.events"}


def modules_of(*words: str, **environment: str) -> set[str]:
    """Names of the modules that `ip-ledger WORDS` loads."""
    script = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {PROGRAM}"
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=without_settings() | environment)
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_is_printed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "ip-ledger 0.1.0\n"


def test_nothing_is_imported_that_a_command_does_without(tmp_path: Path) -> None:
    new_book(tmp_path / "book.db")
    book = {"LEDGER_BOOK": str(tmp_path / "book.db")}
    assert not (CLIENTS | BOOKS | {"typer"}) & modules_of("--version")
    assert not (CLIENTS | BOOKS) & modules_of("--help")
    assert not CLIENTS & modules_of("totals", **book)
    assert not CLIENTS & modules_of("view", "grants", "--csv", **book)
    assert not CLIENTS & modules_of("rejections", "list", **book)
