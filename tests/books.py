"""New books for tests: copies of one, because creating a book takes a tenth of a second."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from ledger.book.book import Book, create
from tests.events import LOG, PLACES


def new_book(path: Path, first: int = 0) -> None:
    """Write a new book that begins at this offset in every partition."""
    path.write_bytes(_bytes_of(first))


def opened(path: Path) -> Book:
    """Open a book for writing, without fsync: these tests cut no power."""
    book = Book(path, writable=True)
    book.connection.execute("PRAGMA synchronous = OFF")
    return book


@cache
def _bytes_of(first: int) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.db"
        create(path, LOG, dict.fromkeys(PLACES, first))
        return path.read_bytes()
