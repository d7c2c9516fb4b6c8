"""Backup: the copy is the book, made while somebody writes, and never over something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.compare import first_differences
from ledger.backup import backup
from ledger.book.book import Book
from ledger.book.errors import BookExists, BookUnavailable
from ledger.book.sink import BookSink
from streams.batch import Batch
from tests.events import PLEDGE, partition, record, registered

HOME = partition("P1")


def post(book: Book, offset: int) -> None:
    records = [record(offset, registered(f"r{offset}"), b"P1")]
    BookSink(book).post(Batch(PLEDGE, HOME, offset, offset + 1, records))


def test_the_copy_equals_the_book(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    copy = tmp_path / "copy.db"

    positions = backup(book.path, copy)

    assert first_differences(book.path, copy)[2] == []
    assert {(p.topic, p.partition): p.next for p in positions}[PLEDGE, HOME] == 1
    assert sorted(file.name for file in tmp_path.glob("copy.db*")) == ["copy.db"], "a copy is one file"


def test_a_batch_that_is_being_written_is_not_in_the_copy(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    book.connection.execute("BEGIN IMMEDIATE")
    book.connection.execute("UPDATE record SET hash = x'00'")

    backup(book.path, tmp_path / "copy.db")

    book.connection.execute("ROLLBACK")
    assert first_differences(book.path, tmp_path / "copy.db")[2] == []


def test_a_copy_can_be_worked_on(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    backup(book.path, tmp_path / "copy.db")
    with Book(tmp_path / "copy.db", writable=True) as copy:
        post(copy, 1)
    post(book, 1)
    assert first_differences(book.path, tmp_path / "copy.db")[2] == []


def test_an_existing_file_is_refused(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    target.write_text("dear auditor")
    with pytest.raises(BookExists, match=r"letter\.txt"):
        backup(book.path, target)
    assert target.read_text() == "dear auditor"


def test_a_book_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BookUnavailable):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
