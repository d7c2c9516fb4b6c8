"""Connections to the book's file: for the one writer, for readers, for a new book."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pysqlite3 as sqlite3

from ledger.book.definitions import heap_limited, is_empty, require_definitions
from ledger.book.errors import BookDamaged, BookFault, BookFull, BookUnavailable, NotABook, OldSQLite
from ledger.book.files import sibling
from schemas.errors import LedgerError

if TYPE_CHECKING:
    from sqlite_utils import Database

OLDEST_SQLITE = (3, 51, 3)
"""Older versions can corrupt a WAL that two connections write and checkpoint at once (fixed 2026-03-13)."""
BUSY_SECONDS = 5.0
"""Wait this long for another program's lock before each warning."""
MOST_ROW_BYTES = 16 << 20
"""An event has at most a megabyte; verification holds several copies of a row in memory."""
WAL_PAGES = 8192
"""Pages in the `-wal` (32 MiB) after which a commit copies them into the book. Pages that change often are copied once;
with SQLite's default of 1000, every fifth small commit took 5 to 10 ms more."""
LOCKED = "end the transaction of the program that writes to the book; the worker waits"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_IOERR_SHMSIZE = 10 | 19 << 8
_OF_READING = tuple(10 | detail << 8 for detail in (1, 2, 7, 8, 9, 14, 15, 18, 19, 20, 21))
"""SQLITE_IOERR_READ, _SHORT_READ, _FSTAT, and the ones of locks and of the -shm, for which the driver has no names:
faults of the book being read, not of the copy being written."""
_UNAVAILABLE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)

# The driver looks up an adapter for each value that is not int, float or str. A failed look-up takes longer than
# writing the value, so NULL and BLOB have one: a built-in function that returns its argument.
sqlite3.register_adapter(type(None), {}.get)
sqlite3.register_adapter(bytes, bytes.__bytes__)


def translate_error(path: Path, error: sqlite3.Error) -> LedgerError:
    """Return the ledger's error for an error of SQLite, with SQLite's name for it."""
    extended = _code(error)
    code = extended & 0xFF
    reason = f"{error} ({error.sqlite_errorname})" if code else error
    undecodable = not code and isinstance(error, sqlite3.OperationalError)  # from the driver: text that is not UTF-8
    bad_header = code == sqlite3.SQLITE_ERROR and "unsupported file format" in str(error)
    if code == sqlite3.SQLITE_CORRUPT or undecodable or bad_header:
        return BookDamaged(path=path, reason=reason)
    if code == sqlite3.SQLITE_NOTADB:
        return NotABook(path=path, reason=reason)
    if code == sqlite3.SQLITE_CANTOPEN:
        reason = f"{reason}; its directory must exist and be writable, also for readers: -wal and -shm are there"
    if code in _UNAVAILABLE:
        return BookUnavailable(path=path, reason=reason)
    if code == sqlite3.SQLITE_FULL or extended == _IOERR_SHMSIZE:
        return _full(path, reason)
    return BookFault(path=path, reason=reason)


def _code(error: sqlite3.Error) -> int:
    """Return the extended result code (https://www.sqlite.org/rescode.html), 0 for errors of the driver itself."""
    return int(getattr(error, "sqlite_errorcode", 0))


def _full(path: Path, reason: object) -> BookFull:
    return BookFull(path=path, reason=reason, directory=path.resolve().parent)


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Raise errors of SQLite and of the system as errors of the ledger: see `translate_error`."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate_error(path, error) from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes the invalid text
        raise BookDamaged(path=path, reason=error) from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _full(path, error) from error
        raise BookFault(path=path, reason=error) from error


def open_for_writing(path: Path) -> Database:
    """Open the book at `path` with WAL and synchronous=FULL: a commit that returned survives a power cut.

    Raise OldSQLite, BookUnavailable, NotABook, BookDamaged, BookFault.
    """
    from sqlite_utils import Database  # slow to import, and readers do not need it

    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise OldSQLite(found=sqlite3.sqlite_version, wanted=".".join(map(str, OLDEST_SQLITE)))
    if path.is_dir():
        raise BookUnavailable(path=path, reason="it is a directory")
    with translated_errors(path):
        connection = _connect(str(path), check_same_thread=False, cached_statements=256)
        # not closed on failure: closing copies the WAL into the book, and the WAL may not be on the disk
        _prepare_for_writing(connection, path)
    return Database(connection)


def _prepare_for_writing(connection: Any, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise BookUnavailable(path=path, reason=f"its file system does not support WAL (journal mode {mode})")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    with transaction(connection):  # keeps other writers out
        rewrite(sibling(path, "-wal"))


def rewrite(file: Path) -> None:
    """Rewrite a file's content in place, and sync it.

    The content of a WAL after a crash may not be on the disk: after a failed fsync, the system marks pages as clean
    that it could not write (https://www.usenix.org/conference/atc20/presentation/rebello).
    """
    if file.exists():
        with file.open("r+b", buffering=0) as stream:
            while chunk := stream.read(1 << 20):
                stream.seek(-len(chunk), os.SEEK_CUR)
                stream.write(chunk)
            os.fsync(stream.fileno())


def open_for_reading(path: Path) -> Any:
    """Open the book at `path` read-only. Raise BookUnavailable, NotABook, BookDamaged."""
    if not path.is_file():
        raise BookUnavailable(path=path, reason="it is a directory" if path.is_dir() else "there is no such file")
    with translated_errors(path):
        # a server's requests go from thread to thread, one at a time
        connection = _connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            connection.execute("PRAGMA query_only = ON")
            distrust(connection)
            require_definitions(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def is_made(path: Path) -> bool:
    """Return True if the file at `path` holds a book, False if it is empty, as after a crash during creation.

    Raise BookUnavailable, NotABook, BookDamaged.
    """
    if path.is_dir():
        raise BookUnavailable(path=path, reason="it is a directory")
    with translated_errors(path):
        try:
            return _holds_a_book(path, mode="ro")  # closing a reader does not checkpoint the WAL
        except sqlite3.OperationalError as error:
            if _code(error) & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
                raise
            return _holds_a_book(path, mode="rw")  # a crash left a journal that readers cannot roll back


def _holds_a_book(path: Path, mode: str) -> bool:
    with closing(_connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
        distrust(connection)
        if is_empty(connection, path):
            return False
        require_definitions(connection, path)
    return True


def distrust(connection: Any) -> None:
    """Forbid the file's schema to call unsafe functions, and check every page before use."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _connect(name: str, **options: Any) -> Any:
    return sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, **options)


def require_sound(path: Path) -> None:
    """Raise BookDamaged if pages, keys or indexes of the book are inconsistent, or a row is too large.

    A snapshot cannot show that: it copies the tables row by row and rebuilds the indexes. It may even be without end,
    as a page of a hostile book may be its own descendant.
    """
    with closing(open_for_reading(path)) as connection:
        _require_sound(connection, path)


def _require_sound(connection: Any, path: Path) -> None:
    with translated_errors(path):
        if flaw := first_flaw(connection):
            raise BookDamaged(path=path, reason=flaw)
        _require_small_rows(connection, path)


def first_flaw(connection: Any) -> str:
    """Return the first inconsistency of pages, keys, indexes and sizes of an open file; empty if there is none."""
    try:
        with heap_limited(4 * MOST_ROW_BYTES):
            (flaw,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except MemoryError:
        return "it has a larger row than any book"
    return "" if flaw == "ok" else str(flaw)


def _require_small_rows(connection: Any, path: Path) -> None:
    for table in table_names(connection):
        columns, _ = columns_of(connection, table)
        size = " + ".join(f'coalesce(octet_length("{column}"), 0)' for column in columns)  # reads no overflow page
        sql = f"SELECT 1 FROM {table} WHERE {size} > {MOST_ROW_BYTES} LIMIT 1"  # noqa: S608 - names that were checked
        if connection.execute(sql).fetchone():
            raise BookDamaged(path=path, reason=f"its table {table} has a larger row than any book")


def snapshot(path: Path, target: Path, *, of_sound: bool = False) -> None:
    """Write a consistent copy of the book to `target` while the worker continues. `of_sound`: see `require_sound`.

    Raise BookUnavailable, NotABook, BookDamaged; BookFault for the `target`.
    """
    connection = open_for_reading(path)
    try:
        if of_sound:
            _require_sound(connection, path)
        connection.execute("PRAGMA query_only = OFF")  # it stays read-only; VACUUM INTO writes elsewhere
        connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        fault = translate_error(path, error)
        code = _code(error)
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN:
            fault = BookFault(path=target, reason=f"{error} ({error.sqlite_errorname})")
        elif isinstance(fault, BookFault) and code not in _OF_READING:
            fault = translate_error(target, error)
        raise fault from error
    finally:
        connection.close()


@contextmanager
def transaction(connection: Any, mode: str = "IMMEDIATE") -> Iterator[None]:
    """Run a block between BEGIN and COMMIT, or ROLLBACK if it raises."""
    _begin(connection, mode)
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _begin(connection: Any, mode: str) -> None:
    """Begin a transaction. Wait without limit for another program's lock, with warnings: nothing is lost."""
    began = monotonic()
    while True:
        try:
            connection.execute(f"BEGIN {mode}")
        except sqlite3.OperationalError as error:
            if _code(error) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            import structlog  # slow to import, and readers do not need it

            waited = round(monotonic() - began)
            structlog.get_logger().warning("book locked by another program", waited_seconds=waited, next_step=LOCKED)
        else:
            return


def table_names(connection: Any) -> list[str]:
    """Return the names of a book's tables, sorted."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return sorted(name for (name,) in rows)


def columns_of(connection: Any, table: str) -> tuple[list[str], list[str]]:
    """Return (all columns, the primary key's columns in order) of one table of a book."""
    if not re.fullmatch(r"[a-z_]+", table):
        raise ValueError(f"{table!r} is not a table of a book")
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    keyed = sorted((row[5], row[1]) for row in rows if row[5])
    return [row[1] for row in rows], [name for _, name in keyed]
