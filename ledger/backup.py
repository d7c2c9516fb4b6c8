"""Backup: a consistent copy of the book while the worker goes on. To restore, put the copy in the book's place."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.book.book import Book, Position, remove_book
from ledger.book.connection import snapshot
from ledger.book.errors import BookExists


def backup(book: Path, target: Path) -> list[Position]:
    """Copy the book to a new file; the positions that the copy stands on. Raises BookExists, BookUnavailable."""
    if target.exists():
        raise BookExists(path=target)
    draft = target.with_name(target.name + ".partial")
    remove_book(draft)
    snapshot(book, draft)
    with Book(draft) as copy:
        positions = copy.positions()
    remove_book(draft, but_the_file=True)
    _make_durable(draft)
    draft.rename(target)
    _make_durable(target.parent)
    return positions


def _make_durable(path: Path) -> None:
    """What SQLite wrote elsewhere than into its own database it does not sync."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
