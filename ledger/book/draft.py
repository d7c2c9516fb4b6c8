"""A draft: a book under construction, under a temporary name until it is complete and on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ledger.book.book import remove_book
from ledger.book.connection import NO_ROOM
from ledger.book.errors import BookExists, BookFault, BookFull, NoDirectory, NoRoom, NotMade
from ledger.book.wal import wal_bytes
from ledger.durable import sync


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Yield a temporary path for the book that will be at `path`. Move it there at the end of the block, or delete it
    if the block raises (a killed process leaves `*.partial`). Raise BookExists, NotMade, NoRoom."""
    require_free(path)
    draft = path.with_name(f"{path.name}.{token_hex(4)}.partial")
    try:
        with faults_of_making(path, draft):
            yield draft
            if wal_bytes(draft):
                reason = "another program opened the partial file"
                raise NotMade(path=path, reason=reason, directory=path.resolve().parent)
            sync(draft)  # SQLite did not: VACUUM INTO, or synchronous=OFF
            if path.exists():  # another process was faster
                raise BookExists(path=path)
            draft.rename(path)
            sync(path.parent)
    finally:
        remove_book(draft)


def require_free(path: Path) -> None:
    """Raise BookExists or NoDirectory if no book can be created at `path`."""
    if path.exists():
        raise BookExists(path=path)
    if not path.absolute().parent.is_dir():
        raise NoDirectory(path=path, directory=path.absolute().parent)


@contextmanager
def faults_of_making(path: Path, draft: Path) -> Iterator[None]:
    """Raise faults at or below `draft` as NotMade or NoRoom of `path`, as no worker uses that book yet. Faults of
    other books pass unchanged."""
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
