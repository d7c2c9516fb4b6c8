"""A book that is being made: under a name of its own, and in its place once it is whole and on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ledger.book.book import remove_book
from ledger.book.errors import BookExists, BookFault, NotMade
from ledger.book.wal import wal_bytes


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Where to make the book that shall be at `path`. Once it is made it is moved there; if it is not, nothing is left
    of it (but what a process that was killed leaves, `*.partial`). Raises BookExists, NotMade."""
    if path.exists():
        raise BookExists(path=path)
    draft = path.with_name(f"{path.name}.{token_hex(4)}.partial")
    try:
        with faults_of_making(path):
            yield draft
            if wal_bytes(draft):
                raise NotMade(path=path, reason="another program has opened it before it was whole")
            _make_durable(draft)
            if path.exists():  # somebody else was faster
                raise BookExists(path=path)
            draft.rename(path)
            _make_durable(path.parent)
    finally:
        remove_book(draft)


@contextmanager
def faults_of_making(path: Path) -> Iterator[None]:
    """What cannot be written here is not a book that a worker works on: raises NotMade."""
    try:
        yield
    except BookFault as error:
        raise NotMade(path=path, reason=error.facts["reason"]) from error
    except OSError as error:
        raise NotMade(path=path, reason=error.strerror) from error


def _make_durable(path: Path) -> None:
    """What SQLite wrote elsewhere than into its own database, or without care, it has not synced."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
