"""The write-ahead log: it grows while somebody reads, which is logged but not repeatedly, and it shrinks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
import pytest
from structlog.testing import capture_logs

from ledger.book import wal
from ledger.book.book import Book
from ledger.book.connection import BUSY_SECONDS
from ledger.book.wal import WalWatch, readers, wal_bytes
from tests.processes import wait_until

READING = "SELECT count(*) FROM record"
READ_REPEATEDLY = f"""
import sys, time, pysqlite3
book = pysqlite3.connect(sys.argv[1], isolation_level=None)
while True:
    book.execute("BEGIN")
    book.execute("{READING}").fetchall()
    time.sleep(0.02)
    book.execute("COMMIT")
"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set small limits, and no pause between two attempts."""
    for name, size in (("LIMIT", 8 << 20), ("ALARMING", 16 << 20), ("TRY_SECONDS", 0.0)):
        monkeypatch.setattr(wal, name, size)


@pytest.fixture
def reader(book: Book) -> Iterator[Any]:
    """Yield a connection in the middle of a long read transaction."""
    with closing(sqlite3.connect(str(book.path), isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute(READING).fetchall()
        yield connection


def write(book: Book, mebibytes: int, watch: WalWatch) -> None:
    """Write `mebibytes` MiB into the WAL in commits of 1 MiB, and call `watch.look` after each."""
    book.connection.execute("CREATE TABLE IF NOT EXISTS ballast (content BLOB)")
    for _ in range(mebibytes):
        book.connection.execute("DELETE FROM ballast")
        book.connection.execute("INSERT INTO ballast VALUES (randomblob(1000000))")
        watch.look()


def test_without_readers_the_wal_stays_small_and_nothing_is_logged(book: Book) -> None:
    with capture_logs() as logged:
        write(book, 40, WalWatch(book.connection, book.path))
    assert wal_bytes(book.path) <= wal.LIMIT
    assert logged == []


def test_a_long_reader_is_named_at_each_doubling_and_the_wal_shrinks_afterwards(
    book: Book, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wal, "READERS_WAIT_SECONDS", 0.001)
    watch = WalWatch(book.connection, book.path)
    with capture_logs() as logged:
        write(book, 80, watch)
    assert [line["event"] for line in logged] == ["wal grows"] * 3, "above 16, 32 and 64 MiB"
    assert logged[-1]["wal_bytes"] > 64 << 20
    assert f"{os.getpid()} " in logged[-1]["readers"][0]
    assert "backup" in logged[-1]["next_step"]

    reader.execute("COMMIT")
    with capture_logs() as logged:
        write(book, 1, watch)
    assert [(line["event"], line["wal_bytes"] <= wal.LIMIT) for line in logged] == [("wal shrank", True)]
    assert wal_bytes(book.path) <= wal.LIMIT
    assert book.connection.execute("PRAGMA busy_timeout").fetchone() == (BUSY_SECONDS * 1000,), (
        "a batch waits as long as before"
    )


def test_overlapping_short_readers_do_not_keep_the_wal_growing(book: Book) -> None:
    """Without the attempts no checkpoint ever completes."""
    command = [sys.executable, "-c", READ_REPEATEDLY, str(book.path)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    try:
        wait_until(lambda: len(readers(book.path)) > 1, lambda: "nobody reads")
        with capture_logs() as logged:
            write(book, 40, WalWatch(book.connection, book.path))
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert wal_bytes(book.path) <= wal.ALARMING
    assert logged == []


def test_readers_are_named(book: Book, reader: Any) -> None:
    (named,) = readers(book.path)
    assert named.startswith(f"{os.getpid()} ")
    reader.execute("COMMIT")
    assert readers(book.path) == []


def test_a_book_without_a_wal(tmp_path: Path) -> None:
    assert (wal_bytes(tmp_path / "book.db"), readers(tmp_path / "book.db")) == (0, [])
