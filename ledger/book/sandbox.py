"""The sandbox of a read connection: it may read the book's tables, and nothing else.

A read-only connection can still ATTACH another file, and SQL functions can do more than compute. The authorizer of
SQLite refuses both while it prepares a statement.
"""

from __future__ import annotations

from typing import Any

import pysqlite3 as sqlite3

_RECURSIVE = 33
"""SQLITE_RECURSIVE, for which the driver has no name."""
_FREE = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION, _RECURSIVE)
_PRAGMAS = ("data_version", "journal_mode")
_FORBIDDEN = ("load_extension", "fts3_tokenizer", "writefile", "readfile", "edit")


def confine(connection: Any) -> None:
    """Allow only SELECT, transactions and harmless functions from now on."""
    connection.set_authorizer(_judge)


def _judge(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    allowed = (
        action in _FREE
        or (action == sqlite3.SQLITE_FUNCTION and second not in _FORBIDDEN)
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS and second is None)
    )
    return int(sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY)
