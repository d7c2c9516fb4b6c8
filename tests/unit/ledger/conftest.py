"""An empty book to post to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book.book import Book
from tests.books import new_book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the book is."""
    return tmp_path / "book.db"


@pytest.fixture
def book(path: Path) -> Iterator[Book]:
    """A new book, open for writing, that begins at offset 0 everywhere."""
    new_book(path)
    with Book(path, writable=True) as opened:
        yield opened
