"""The schema of a book: its tables and indexes, and the check that a file has them.

A file from elsewhere may hold anything: a view instead of a table, triggers, computed columns, virtual tables, texts
of any size. So its schema is read with little memory and compared with that of a book before any query.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Any, NamedTuple

import pysqlite3 as sqlite3

from ledger.book.errors import NotABook, SchemaDiffers
from ledger.posting.constants import FOLD_VERSION

OWN = ("meta", "position", "record")
"""Tables in books of all versions."""
_MOST_BYTES, MOST_SECONDS = 48 << 20, 20.0
"""Limits of memory and time for reading a schema; a book's takes a tenth."""
MOST_OBJECTS, MOST_TEXT = 1000, 8 << 20
_MOST_ROWS, MOST_VALUE = 100_000, 1 << 16
"""Limits of the two tables that are read whole: rows, and bytes of a row."""
_STEPS = 10_000
_HEAP = RLock()
"""Held while SQLite's memory limit is lowered."""

_STATISTICS = {
    "sqlite_stat1": "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "sqlite_stat4": "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}
"""Tables of ANALYZE."""
_TABLE = re.compile(r"CREATE TABLE [a-z_]+ \(")
_INDEX = re.compile(r'CREATE (UNIQUE )?INDEX "?\w+"? ON "?\w+"? ?\(["\w, ]+\)( WHERE \w+ = \d+)?', re.IGNORECASE)
_VIEW = re.compile(r"CREATE VIEW (\w+) AS\s+(WITH|SELECT)\b")


class Definition(NamedTuple):
    """A row of `sqlite_schema`."""

    type: str
    name: str
    sql: str | None


@cache
def definitions() -> list[str]:
    """Return the statements that create the tables and indexes of an empty book."""
    texts = [files("ledger.book").joinpath(name).read_text(encoding="utf-8") for name in ("schema.sql", "entities.sql")]
    return [statement.strip() for statement in "".join(texts).split(";\n") if statement.strip()]


@cache
def _expected() -> dict[str, Definition]:
    """Return the definitions by name, as SQLite stores them."""
    found = {}
    for statement in definitions():
        begin = re.search(r"^CREATE (TABLE|INDEX|VIEW) (\w+)", statement, re.MULTILINE)
        assert begin is not None, statement
        found[begin[2]] = Definition(begin[1].lower(), begin[2], statement[begin.start() :])
    return found


def own_tables() -> list[str]:
    """Return the names of the tables of a book."""
    return [one.name for one in _expected().values() if one.type == "table"]


def require_definitions(connection: Any, path: Path) -> None:
    """Raise SchemaDiffers, a NotABook, if the schema of an open file is not that of a book of this or another version.

    Statistics of ANALYZE and plain indexes are allowed. So is any view: no command reads the views in a file, which
    have a separate version.
    """
    with _limited(connection, path):
        found = _read(connection, path)
        _require_tables(connection, path, found)
        own = _version(connection, path) == str(FOLD_VERSION)
        expected = _expected()
        for one in found:
            known = expected.get(one.name)
            if own and known is not None and one != known:
                raise SchemaDiffers(path=path, reason=f"its {one.type} {one.name} differs from that of a book")
            if one != known and not _harmless(one, own=own):
                raise SchemaDiffers(path=path, reason=f"its {one.type} {one.name} does not belong in a book")
        names = {one.name for one in found}
        missing = [one.name for one in expected.values() if own and one.name not in names]
        if missing:
            raise SchemaDiffers(path=path, reason=f"its schema lacks {', '.join(missing)}")
        _require_rows(connection, path, "position")


def require_schema(connection: Any, path: Path, statements: Collection[str]) -> None:
    """Raise NotABook if the schema of an open file has anything but the tables that these statements create."""
    with _limited(connection, path):
        for one in _read(connection, path):
            if one.sql not in statements:
                raise NotABook(path=path, reason=f"its {one.type} {one.name} does not belong there")


def is_empty(connection: Any, path: Path) -> bool:
    """Return True if the schema of an open file is empty. Raise NotABook."""
    with _limited(connection, path):
        return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _read(connection: Any, path: Path) -> list[Definition]:
    few = "SELECT octet_length(name) + octet_length(sql) AS size FROM sqlite_schema LIMIT ?"
    sizes = [size or 0 for (size,) in connection.execute(few, (MOST_OBJECTS + 1,))]
    if len(sizes) > MOST_OBJECTS or sum(sizes) > MOST_TEXT:
        raise NotABook(path=path, reason="its schema is larger than that of any book")
    return [Definition(*row) for row in connection.execute("SELECT type, name, sql FROM sqlite_schema")]


def _require_tables(connection: Any, path: Path, found: list[Definition]) -> None:
    tables = {one.name for one in found if one.type == "table" and _TABLE.match(one.sql or "")}
    if not tables.issuperset(OWN):
        raise NotABook(path=path, reason="it lacks the tables of a book")
    for table in tables:
        columns = connection.execute(f"PRAGMA table_xinfo({table})").fetchall()
        if any(hidden for *_, hidden in columns):
            raise NotABook(path=path, reason=f"its table {table} has a computed column")
        if table == "meta" and [name for _, name, *_ in columns] != ["name", "value"]:
            raise NotABook(path=path, reason="it lacks the tables of a book")


def _version(connection: Any, path: Path) -> str | None:
    _require_rows(connection, path, "meta")
    row = connection.execute("SELECT value FROM meta WHERE name = 'fold_version'").fetchone()
    return None if row is None else str(row[0])


def _harmless(one: Definition, *, own: bool) -> bool:
    sql = one.sql or ""
    if one.type == "table":
        return sql == _STATISTICS.get(one.name) if one.name in _STATISTICS or own else bool(_TABLE.match(sql))
    if one.type == "index":
        return (one.sql is None and one.name.startswith("sqlite_autoindex_")) or bool(_INDEX.fullmatch(sql))
    view = _VIEW.match(sql)
    return one.type == "view" and view is not None and view[1] == one.name


def _require_rows(connection: Any, path: Path, table: str) -> None:
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_xinfo({table})")]
    size = " + ".join(f'coalesce(octet_length("{column}"), 0)' for column in columns)
    (count, largest) = connection.execute(
        f"SELECT count(*), max(size) FROM (SELECT {size} AS size FROM {table} LIMIT {_MOST_ROWS + 1})"  # noqa: S608
    ).fetchone()
    if count > _MOST_ROWS or (largest or 0) > MOST_VALUE:
        raise NotABook(path=path, reason=f"its table {table} is larger than that of any book")


@contextmanager
def _limited(connection: Any, path: Path) -> Iterator[None]:
    """Limit memory and time of a block: raise NotABook if it takes more than a book's schema does."""
    deadline = monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS)
    try:
        with heap_limited(_MOST_BYTES):
            yield
    except MemoryError as error:
        raise NotABook(path=path, reason="its schema needs more memory than that of any book") from error
    except sqlite3.OperationalError as error:
        if monotonic() > deadline:
            raise NotABook(path=path, reason="its schema takes longer to read than that of any book") from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def heap_limited(most: int) -> Iterator[None]:
    """Limit SQLite to so many bytes more than it uses now; the limit applies to the whole process. Beyond it, SQLite
    raises MemoryError."""
    limit, used = _heap()
    with _HEAP:
        before = limit(used() + most)
        try:
            yield
        finally:
            limit(before)


@cache
def _heap() -> tuple[Callable[[int], int], Callable[[], int]]:
    """Return (a function that sets SQLite's memory limit and returns the former one, a function that returns its use).

    `PRAGMA hard_heap_limit` can only lower the limit, for the rest of the process, so this calls SQLite's functions.
    There is no limit if the driver does not export them.
    """
    try:
        library = ctypes.CDLL(import_module("pysqlite3._sqlite3").__file__)
        limit, used = library.sqlite3_hard_heap_limit64, library.sqlite3_memory_used
    except (ImportError, AttributeError, OSError):
        return lambda most: most, lambda: 0
    limit.argtypes, limit.restype, used.restype = [ctypes.c_int64], ctypes.c_int64, ctypes.c_int64
    return limit, used
