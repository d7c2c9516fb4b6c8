"""The files that a server reads: one book, or several that hold shares of one log, opened as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.files import numbers
from ledger.book.sandbox import confine
from ledger.book.union import open_books
from schemas.errors import UsageError


class OneBookOnly(UsageError):
    """This server reads several books, and {what} needs a single one. Ask a server of one of them, or of the book that
    `ip-ledger merge` makes of all."""


def open_confined(paths: Sequence[Path]) -> Book:
    """Open the books as one, on a connection that can only read. Raise the errors of `open_books`."""
    book = open_books(paths)
    confine(book.connection)
    return book


def numbers_of(paths: Sequence[Path]) -> list[tuple[int, int] | None]:
    """Return device and inode of each file, which distinguish it from others at the same path."""
    return [numbers(path) for path in paths]


def data_versions(book: Book, paths: Sequence[Path]) -> list[int]:
    """Return numbers that change with each commit to one of the files. Raise BookFault, BookDamaged."""
    schemas = ["main"] if len(paths) == 1 else [f"book{number}" for number in range(len(paths))]
    with translated_errors(book.path):
        return [book.connection.execute(f"PRAGMA {schema}.data_version").fetchone()[0] for schema in schemas]


def require_one(paths: Sequence[Path], what: str) -> Path:
    """Return the path of the only book. Raise OneBookOnly."""
    if len(paths) > 1:
        raise OneBookOnly(what=what)
    return paths[0]
