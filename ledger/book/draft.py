"""A book that is being made: under a name of its own, and in its place once it is whole and on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ledger.book.book import remove_book
from ledger.book.connection import NO_ROOM
from ledger.book.errors import BookExists, BookFault, BookFull, NoRoom, NotMade
from ledger.book.wal import wal_bytes


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Where to make the book that shall be at `path`. Once it is made it is moved there; if it is not, nothing is left
    of it (but what a process that was killed leaves, `*.partial`). Raises BookExists, NotMade, NoRoom."""
    if path.exists():
        raise BookExists(path=path)
    draft = path.with_name(f"{path.name}.{token_hex(4)}.partial")
    try:
        with faults_of_making(path, draft):
            yield draft
            if wal_bytes(draft):
                reason = "another program has opened it before it was whole"
                raise NotMade(path=path, reason=reason, directory=path.resolve().parent)
            _make_durable(draft)
            if path.exists():  # somebody else was faster
                raise BookExists(path=path)
            draft.rename(path)
            _make_durable(path.parent)
    finally:
        remove_book(draft)


@contextmanager
def faults_of_making(path: Path, draft: Path) -> Iterator[None]:
    """What cannot be written at or below `draft` is not a book that a worker works on, but what shall be made at
    `path`: raises NotMade, NoRoom. Faults of other books stay what they are."""
    directory = path.resolve().parent
    try:
        yield
    except BookFault as error:
        at = Path(str(error.facts["path"]))
        if draft not in (at, *at.parents):
            raise
        kind = NoRoom if isinstance(error, BookFull) else NotMade
        raise kind(path=path, reason=error.facts["reason"], directory=directory) from error
    except OSError as error:
        kind = NoRoom if error.errno in NO_ROOM else NotMade
        raise kind(path=path, reason=error.strerror, directory=directory) from error


def _make_durable(path: Path) -> None:
    """What SQLite wrote elsewhere than into its own database, or without care, it has not synced."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
