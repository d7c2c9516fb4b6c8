"""The doctor: it reports a missing broker, and each problem names the next step."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledger import doctor
from ledger.book import wal
from ledger.book.book import Book
from ledger.book.connection import OLDEST_SQLITE
from ledger.doctor import Finding, examine
from tests.processes import without_settings

pytestmark = pytest.mark.slow


def by_name(path: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(path, None)}


def test_a_sound_book_without_a_broker(book: Book) -> None:
    found = by_name(book.path)
    assert {name for name, finding in found.items() if not finding.well} == {"broker"}
    assert found["broker"].next_step == "ip-ledger broker start"
    assert found["accounting"].found == "each of 0 offsets has one outcome, 0 were refused"


def test_a_missing_book_is_a_finding_and_not_an_error(tmp_path: Path) -> None:
    found = by_name(tmp_path / "far" / "away.db")["book"]
    assert not found.well
    assert "away.db" in found.found
    assert found.next_step


def test_another_fold_version_names_the_next_step(book: Book) -> None:
    book.connection.execute("UPDATE meta SET value = '0' WHERE name = 'fold_version'")
    found = by_name(book.path)["fold version"]
    assert not found.well
    assert "replay --book NEW" in found.next_step


def test_unaccounted_offsets_are_a_finding(book: Book) -> None:
    book.connection.execute("PRAGMA ignore_check_constraints = ON")
    book.connection.execute("UPDATE position SET accepted = 7 WHERE topic = 1 AND partition = 2")
    found = by_name(book.path)["accounting"]
    assert (found.well, found.found) == (False, "not every offset has one outcome in ip.pledge.v1:2")


def test_little_disk_space_is_a_finding(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SMALLEST_FREE", 1 << 62)
    found = by_name(book.path)["disk"]
    assert not found.well
    assert str(book.path.parent) in found.found


def test_a_long_wal_names_its_readers(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "ALARMING", 1000)
    with Book(book.path) as reader:
        reader.connection.execute("BEGIN")
        reader.positions()
        book.connection.execute("UPDATE position SET last_hash = x'00'")
        found = by_name(book.path)["WAL"]
    assert not found.well
    assert f"held by {os.getpid()} " in found.found
    assert "end the long transactions" in found.next_step
    found = by_name(book.path)["WAL"]
    assert "held by no process" in found.found
    assert "ip-ledger worker" in found.next_step


def test_a_file_that_is_not_a_book_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_bytes(b"dear auditor, " * 500)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE meta (name, value)")
    for name, words in (("junk.db", "not a database"), ("other.db", "is not a book")):
        found = by_name(tmp_path / name)["book"]
        assert not found.well
        assert words in found.found
        assert found.next_step


def test_a_damaged_book_is_a_finding(book: Book, tmp_path: Path) -> None:
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = book.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'position'").fetchone()
    (size,) = book.connection.execute("PRAGMA page_size").fetchone()
    broken = bytearray(book.path.read_bytes())
    broken[(root - 1) * size : root * size] = b"\xff" * size
    (tmp_path / "broken.db").write_bytes(broken)
    found = by_name(tmp_path / "broken.db")["book"]
    assert not found.well
    assert "broken.db is damaged" in found.found
    assert "restore a backup" in found.found


WITHOUT = """
import sys
for name in {hidden}:
    sys.modules[name] = None
{more}
from ledger.cli import main
main()
"""


def examined(directory: Path, hidden: tuple[str, ...] = (), more: str = "") -> dict[str, Any]:
    """Return the doctor's findings in a separate process without some packages."""
    program = WITHOUT.format(hidden=hidden, more=more)
    environment = without_settings() | {"LEDGER_BROKER_DIR": str(directory / "broker")}
    command = [sys.executable, "-c", program, "doctor", "--json"]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["well"] is False
    return {finding["check"]: finding for finding in found["findings"]}


@pytest.mark.skipif(sqlite3.sqlite_version_info >= OLDEST_SQLITE, reason="Python's own SQLite is new enough")
def test_an_old_sqlite_is_named(tmp_path: Path) -> None:
    found = examined(tmp_path, more="import sqlite3; sys.modules['pysqlite3'] = sqlite3")["SQLite"]
    assert (found["well"], found["found"]) == (False, sqlite3.sqlite_version)
    assert "pysqlite3" in found["next_step"]


def test_a_missing_private_name_is_named(tmp_path: Path) -> None:
    more = "from faust.transport.drivers import aiokafka; del aiokafka.AIOKafkaConsumerThread._create_worker_consumer"
    found = examined(tmp_path, more=more)["versions"]
    assert (found["well"], "AIOKafkaConsumerThread._create_worker_consumer" in found["found"]) == (False, True)
    assert "requirements.lock" in found["next_step"]
