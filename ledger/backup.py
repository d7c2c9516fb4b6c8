"""Backup: a consistent copy of the book while the worker continues. To restore, replace the book with the copy."""

from __future__ import annotations

from pathlib import Path

from ledger.book.book import Book, PartitionState
from ledger.book.connection import snapshot
from ledger.book.draft import draft_of, require_free


def backup(book: Path, target: Path) -> list[PartitionState]:
    """Copy the book to a new file, and return the positions of the copy.

    Raise BookExists, NotMade, BookUnavailable, NotABook, BookDamaged.
    """
    require_free(target)
    with draft_of(target) as draft:
        snapshot(book, draft, of_sound=True)
        with Book(draft) as copy:
            return copy.positions()
