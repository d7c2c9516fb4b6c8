"""An empty book for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book.book import Book
from tests.books import new_book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the book."""
    return tmp_path / "book.db"


@pytest.fixture
def book(path: Path) -> Iterator[Book]:
    """Yield a new book, open for writing, at offset 0 of every partition."""
    new_book(path)
    with Book(path, writable=True) as opened:
        yield opened
