"""A book with a valid schema, but pages, rows or numbers that no book has: commands that read all of it end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest
from typer.testing import CliRunner

from ledger.backup import backup
from ledger.book.book import Book, remove_book
from ledger.book.connection import require_sound
from ledger.book.errors import BookDamaged
from ledger.commands import app
from ledger.commands.context import settings
from tests.acceptance.fault import Fault
from tests.books import new_book

PAGE, INTERIOR, LEAF = 4096, 2, 10
CHILDREN = 300


def interior(child: int) -> bytes:
    """Return an interior page of an index (https://www.sqlite.org/fileformat2.html, section 1.6), all of whose children
    are one page."""
    cell = struct.pack(">I", child) + b"\x02\x02\x08"
    first = PAGE - CHILDREN * len(cell)
    head = struct.pack(">BHHHBI", INTERIOR, 0, CHILDREN, first, 0, child)
    pointers = b"".join(struct.pack(">H", first + number * len(cell)) for number in range(CHILDREN))
    return (head + pointers).ljust(first, b"\0") + CHILDREN * cell


def multiply(path: Path, table: str) -> None:
    """Make an empty table one of 90,000 leaves, all of them one page; a third page would make it 27 million."""
    with closing(sqlite3.connect(str(path))) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    content = bytearray(path.read_bytes())
    pages = len(content) // PAGE
    at = (root - 1) * PAGE
    leaf = content[at : at + PAGE]
    assert leaf[0] == LEAF
    content[at : at + PAGE] = interior(pages + 1)
    content += interior(pages + 2) + leaf
    content[28:32] = struct.pack(">I", pages + 2)
    path.write_bytes(content)


def verify_independently(path: Path) -> None:
    settings.cache_clear()
    variables = {"LEDGER_BOOK": str(path), "LEDGER_BROKERS": "127.0.0.1:1"}
    done = CliRunner().invoke(app, ["verify", "--independent"], env=variables)
    settings.cache_clear()
    assert done.exception is not None
    raise done.exception


READ_ALL: list[Callable[[Path], object]] = [
    require_sound,
    lambda path: backup(path, path.with_name("copy.db")),
    verify_independently,
]


@pytest.mark.parametrize("read_all", READ_ALL, ids=["verify", "backup", "verify --independent"])
def test_a_page_with_many_parents_is_damaged(path: Path, read_all: Callable[[Path], object], fault: Fault) -> None:
    """A book of kilobytes without end: a page that is its table's page many times over"""
    new_book(path)
    multiply(path, "tile")
    with pytest.raises(BookDamaged, match="2nd reference to page"):
        read_all(path)
    assert not path.with_name("copy.db").exists()
    fault.ended("stopped: `BookDamaged`", 1)


@pytest.mark.parametrize("times", [1, 8])
def test_a_row_that_no_event_makes_is_damaged(path: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.book.connection.MOST_ROW_BYTES", 1 << 20)
    new_book(path)
    size = times * (1 << 20) + 1
    with closing(sqlite3.connect(str(path))) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO tile VALUES (1, 0, 0, 0, zeroblob(?))", (size,))
    with pytest.raises(BookDamaged, match="a larger row than any book"):
        require_sound(path)


@pytest.mark.parametrize("name", ["partitions:ip.patent.v1", "unpacked_bytes"])
def test_a_number_of_the_log_that_is_none_is_damaged(path: Path, name: str) -> None:
    new_book(path)
    with closing(sqlite3.connect(str(path))) as connection, connection:
        connection.execute("UPDATE meta SET value = 'many' WHERE name = ?", (name,))
    with Book(path) as book, pytest.raises(BookDamaged, match=f"{name} in its table meta is not a number"):
        assert book.shape


def test_a_draft_leaves_no_journal(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).touch()
    remove_book(path)
    assert list(path.parent.iterdir()) == []
