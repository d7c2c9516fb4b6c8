"""Backup: the copy equals the book, works during writes, and never overwrites a file."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.backup import backup
from ledger.book.book import Book
from ledger.book.connection import snapshot, translated_errors
from ledger.book.draft import draft_of, faults_of_making
from ledger.book.errors import BookExists, BookFault, BookFull, BookUnavailable, NoRoom, NotMade
from ledger.book.sink import BookSink
from streams.batch import Batch
from tests.books import compared
from tests.events import PLEDGE, partition, record, registered

pytestmark = pytest.mark.slow

HOME = partition("P1")


def post(book: Book, offset: int) -> None:
    records = [record(offset, registered(f"r{offset}"), b"P1")]
    BookSink(book).post(Batch(PLEDGE, HOME, offset, offset + 1, records))


def test_the_copy_equals_the_book(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    copy = tmp_path / "copy.db"

    positions = backup(book.path, copy)

    assert compared(book.path, copy)[2] == []
    assert {(p.topic, p.partition): p.next for p in positions}[PLEDGE, HOME] == 1
    assert sorted(file.name for file in tmp_path.glob("copy.db*")) == ["copy.db"], "a copy is one file"


def test_an_uncommitted_batch_is_not_in_the_copy(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    book.connection.execute("BEGIN IMMEDIATE")
    book.connection.execute("UPDATE record SET hash = x'00'")

    backup(book.path, tmp_path / "copy.db")

    book.connection.execute("ROLLBACK")
    assert compared(book.path, tmp_path / "copy.db")[2] == []


def test_a_copy_can_be_written_to(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    backup(book.path, tmp_path / "copy.db")
    with Book(tmp_path / "copy.db", writable=True) as copy:
        post(copy, 1)
    post(book, 1)
    assert compared(book.path, tmp_path / "copy.db")[2] == []


def test_an_existing_file_is_refused(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    target.write_text("dear auditor")
    with pytest.raises(BookExists, match=r"letter\.txt"):
        backup(book.path, target)
    assert target.read_text() == "dear auditor"


def test_a_missing_book_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BookUnavailable):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def make(target: Path, meanwhile: Callable[[Path], None]) -> None:
    with draft_of(target) as draft:
        meanwhile(draft)


def test_concurrent_backups_to_one_file_do_not_mix(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    target = tmp_path / "copy.db"

    def meanwhile(draft: Path) -> None:
        snapshot(book.path, draft)
        backup(book.path, target)

    with pytest.raises(BookExists):
        make(target, meanwhile)
    assert compared(book.path, target)[2] == []


def test_the_slower_backup_overwrites_nothing(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    def meanwhile(draft: Path) -> None:
        snapshot(book.path, draft)
        target.write_text("dear auditor")

    with pytest.raises(BookExists):
        make(target, meanwhile)
    assert target.read_text() == "dear auditor"
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy.db"]


def test_a_draft_that_somebody_has_open_is_not_complete(book: Book, tmp_path: Path) -> None:
    """The last commits are in its WAL and would be lost."""
    target = tmp_path / "copy.db"
    others = []

    def meanwhile(draft: Path) -> None:
        snapshot(book.path, draft)
        with Book(draft, writable=True) as copy:
            others.append(Book(draft))
            post(copy, 0)

    with pytest.raises(NotMade, match="another program"):
        make(target, meanwhile)
    others.pop().close()
    assert not target.exists()


LITTLE_ROOM = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
from ledger.cli import main
main()
"""


def test_a_full_disk_is_reported_with_the_path_of_the_copy_and_leaves_nothing(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    before = sorted(file.name for file in tmp_path.iterdir())
    command = [sys.executable, "-c", LITTLE_ROOM, "backup", "copy.db"]
    environment = os.environ | {"LEDGER_BOOK": str(book.path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr.startswith("NotMade: Could not create copy.db: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == before


def test_a_missing_directory_is_reported_with_the_path_of_the_copy(book: Book, tmp_path: Path) -> None:
    with pytest.raises(NotMade, match=r"Could not create .*nowhere/copy\.db"):
        backup(book.path, tmp_path / "nowhere" / "copy.db")


def test_only_a_full_disk_asks_for_space_and_names_its_directory(tmp_path: Path) -> None:
    path, copy = tmp_path / "disk" / "book.db", tmp_path / "else" / "copy.db"
    faults: list[tuple[int, type[BookFault], type[NotMade]]] = [
        (errno.ENOSPC, BookFull, NoRoom),
        (errno.EIO, BookFault, NotMade),
    ]
    for number, of_book, of_copy in faults:
        with pytest.raises(BookFault) as found, translated_errors(path):
            raise OSError(number, "no")
        assert type(found.value) is of_book
        assert ("disk space" in str(found.value)) == (f"in {path.parent}," in str(found.value)) == (of_book is BookFull)
        with pytest.raises(BookFault) as unchanged, faults_of_making(copy, copy):
            raise found.value
        assert unchanged.value is found.value, "it is not the copy's fault"
        with pytest.raises(NotMade) as made, faults_of_making(copy, copy.parent), translated_errors(copy):
            raise OSError(number, "no")
        assert type(made.value) is of_copy
        assert str(copy.parent) in str(made.value)


def test_a_backup_that_is_killed_leaves_nothing_under_the_final_name(book: Book, tmp_path: Path) -> None:
    post(book, 0)
    target = tmp_path / "copy.db"
    dying = "import os, ledger.book.draft as d; d.sync = lambda path: os._exit(9)"
    command = [sys.executable, "-c", f"{dying}; from ledger.cli import main; main()", "backup", str(target)]
    assert subprocess.run(command, env=os.environ | {"LEDGER_BOOK": str(book.path)}).returncode == 9
    assert not target.exists()
    assert len(list(tmp_path.glob("copy.db.*.partial"))) == 1
    backup(book.path, target)
    assert compared(book.path, target)[2] == []
