"""The doctor: without a broker it says so, and each finding that is not well names the next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import doctor
from ledger.book.book import Book
from ledger.doctor import Finding, examine


def by_name(path: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(path, None)}


def test_a_sound_book_without_a_broker(book: Book) -> None:
    found = by_name(book.path)
    assert {name for name, finding in found.items() if not finding.well} == {"broker"}
    assert found["broker"].next_step == "ip-ledger broker start"
    assert found["accounting"].found == "every offset has one outcome"


def test_no_book_is_a_finding_and_not_an_error(tmp_path: Path) -> None:
    found = by_name(tmp_path / "far" / "away.db")["book"]
    assert not found.well
    assert "away.db" in found.found
    assert found.next_step


def test_another_fold_version_names_the_way(book: Book) -> None:
    book.connection.execute("UPDATE meta SET value = '0' WHERE name = 'fold_version'")
    found = by_name(book.path)["fold version"]
    assert not found.well
    assert "replay --book NEW" in found.next_step


def test_offsets_that_are_not_accounted_for(book: Book) -> None:
    book.connection.execute("PRAGMA ignore_check_constraints = ON")
    book.connection.execute("UPDATE position SET accepted = 7 WHERE topic = 1 AND partition = 2")
    found = by_name(book.path)["accounting"]
    assert (found.well, found.found) == (False, "not in ip.pledge.v1:2")


def test_little_room_and_a_long_wal(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SMALLEST_FREE", 1 << 62)
    monkeypatch.setattr(doctor, "LARGEST_WAL", -1)
    found = by_name(book.path)
    assert not found["disk"].well
    assert not found["WAL"].well


def test_missing_codecs_are_named(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiokafka.codec.has_zstd", lambda: False)
    assert by_name(book.path)["codecs"].found == "missing: zstd"
