"""Opening the file: for the one writer, for readers, for a new book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
from sqlite_utils import Database

from ledger.book.errors import BookUnavailable, OldSQLite

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL that two connections write and checkpoint at once (fixed 2026-03-13)."""
BUSY_SECONDS = 60.0


def open_for_writing(path: Path) -> Database:
    """The book at `path`, WAL, FULL: a commit that returned survives a power cut. Raises OldSQLite, BookUnavailable."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise OldSQLite(found=sqlite3.sqlite_version, wanted=".".join(map(str, OLDEST_SQLITE)))
    try:
        connection = sqlite3.connect(
            str(path),
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error as error:
        raise BookUnavailable(path=path, reason=error) from error
    return Database(connection)


def open_for_reading(path: Path) -> Database:
    """The book at `path`, which this connection cannot change. Raises BookUnavailable."""
    if not path.is_file():
        raise BookUnavailable(path=path, reason="there is no such file")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM meta").fetchone()
    except sqlite3.Error as error:
        raise BookUnavailable(path=path, reason=error) from error
    return Database(connection)


def snapshot(path: Path, target: Path) -> None:
    """Write the book as it is at one moment to `target`; the worker goes on meanwhile. Raises BookUnavailable."""
    connection: Any = open_for_reading(path).conn
    try:
        connection.execute("PRAGMA query_only = OFF")  # the connection stays read-only; VACUUM INTO writes elsewhere
        connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise BookUnavailable(path=path, reason=error) from error
    finally:
        connection.close()


@contextmanager
def transaction(connection: Any, mode: str = "IMMEDIATE") -> Iterator[None]:
    """BEGIN, then COMMIT, or ROLLBACK if anything was raised."""
    connection.execute(f"BEGIN {mode}")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def table_names(connection: Any) -> list[str]:
    """The tables of a book, in the order of their names."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return sorted(name for (name,) in rows)


def columns_of(connection: Any, table: str) -> tuple[list[str], list[str]]:
    """(all columns, the columns of the primary key in order) of one table of a book."""
    if not re.fullmatch(r"[a-z_]+", table):
        raise ValueError(f"{table!r} is not a table of a book")
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    keyed = sorted((row[5], row[1]) for row in rows if row[5])
    return [row[1] for row in rows], [name for _, name in keyed]
