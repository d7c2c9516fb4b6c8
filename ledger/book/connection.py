"""Opening the file: for the one writer, for readers, for a new book."""

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

from ledger.book.definitions import is_empty, require_definitions
from ledger.book.errors import BookDamaged, BookFault, BookFull, BookUnavailable, NotABook, OldSQLite
from ledger.book.files import beside
from schemas.errors import LedgerError

if TYPE_CHECKING:
    from sqlite_utils import Database

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL that two connections write and checkpoint at once (fixed 2026-03-13)."""
BUSY_SECONDS = 5.0
"""So long another program may hold the book locked before it is said."""
LOCKED = "end the transaction of the program that writes to the book; the worker waits"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_IOERR_SHMSIZE = 10 | 19 << 8
_OF_READING = tuple(10 | detail << 8 for detail in (1, 2, 7, 8, 9, 14, 15, 18, 19, 20, 21))
"""SQLITE_IOERR_READ, _SHORT_READ, _FSTAT, those of locks and those of the -shm, which the driver does not name: of the
book that is read, not of the copy that is written."""
_UNAVAILABLE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)

# The driver asks for an adapter of each value that is no int, float or str. To find none takes it longer than to write
# the value, so NULL and BLOB have one: a built-in function that returns what it is given.
sqlite3.register_adapter(type(None), {}.get)
sqlite3.register_adapter(bytes, bytes.__bytes__)


def translate_error(path: Path, error: sqlite3.Error) -> LedgerError:
    """What an error of SQLite means for whoever runs the ledger, with the name that SQLite has for it."""
    extended = _code(error)
    code = extended & 0xFF
    reason = f"{error} ({error.sqlite_errorname})" if code else error
    undecodable = not code and isinstance(error, sqlite3.OperationalError)  # the driver's own: a text is no UTF-8
    unheard_of = code == sqlite3.SQLITE_ERROR and "unsupported file format" in str(error)  # the header is spoilt
    if code == sqlite3.SQLITE_CORRUPT or undecodable or unheard_of:
        return BookDamaged(path=path, reason=reason)
    if code == sqlite3.SQLITE_NOTADB:
        return NotABook(path=path, reason=reason)
    if code == sqlite3.SQLITE_CANTOPEN:
        reason = f"{reason}; its directory must be there and writable, for readers too: -wal and -shm stand beside it"
    if code in _UNAVAILABLE:
        return BookUnavailable(path=path, reason=reason)
    if code == sqlite3.SQLITE_FULL or extended == _IOERR_SHMSIZE:
        return _full(path, reason)
    return BookFault(path=path, reason=reason)


def _code(error: sqlite3.Error) -> int:
    """The extended result code (https://www.sqlite.org/rescode.html); 0 where the driver made the error by itself."""
    return int(getattr(error, "sqlite_errorcode", 0))


def _full(path: Path, reason: object) -> BookFull:
    return BookFull(path=path, reason=reason, directory=path.resolve().parent)


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the system get the names of the house: see `translate_error`."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate_error(path, error) from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes what is no text
        raise BookDamaged(path=path, reason=error) from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _full(path, error) from error
        raise BookFault(path=path, reason=error) from error


def open_for_writing(path: Path) -> Database:
    """The book at `path`, WAL, FULL: a commit that returned survives a power cut.

    Raises OldSQLite, BookUnavailable, NotABook, BookDamaged, BookFault.
    """
    from sqlite_utils import Database  # readers do without it

    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise OldSQLite(found=sqlite3.sqlite_version, wanted=".".join(map(str, OLDEST_SQLITE)))
    if path.is_dir():
        raise BookUnavailable(path=path, reason="it is a directory")
    with translated_errors(path):
        connection = _connect(str(path), check_same_thread=False, cached_statements=256)
        # where this fails nothing is closed: a close copies the WAL into the book, and it may not be on the disk
        _prepare_for_writing(connection, path)
    return Database(connection)


def _prepare_for_writing(connection: Any, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise BookUnavailable(path=path, reason=f"its file system allows no WAL (journal mode {mode})")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    with transaction(connection):  # nobody else writes meanwhile
        write_again(beside(path, "-wal"))


def write_again(file: Path) -> None:
    """Write what a file holds to it once more, and sync it.

    A WAL that a crash left may show what is not on the disk: where a sync has failed, the system takes for written what
    it could not write (https://www.usenix.org/conference/atc20/presentation/rebello). Nothing may be built on that.
    """
    if file.exists():
        with file.open("r+b", buffering=0) as stream:
            while chunk := stream.read(1 << 20):
                stream.seek(-len(chunk), os.SEEK_CUR)
                stream.write(chunk)
            os.fsync(stream.fileno())


def open_for_reading(path: Path) -> Any:
    """The book at `path`, which this connection cannot change. Raises BookUnavailable, NotABook, BookDamaged."""
    if not path.is_file():
        raise BookUnavailable(path=path, reason="it is a directory" if path.is_dir() else "there is no such file")
    with translated_errors(path):
        connection = _connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            _distrust(connection)
            require_definitions(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def is_made(path: Path) -> bool:
    """True if the file at `path` holds a book; False if it holds nothing yet: a crash may leave it so.

    Raises BookUnavailable, NotABook, BookDamaged.
    """
    if path.is_dir():
        raise BookUnavailable(path=path, reason="it is a directory")
    with translated_errors(path):
        try:
            return _holds_a_book(path, mode="ro")  # a reader's end moves nothing from the WAL into the file
        except sqlite3.OperationalError as error:
            if _code(error) & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
                raise
            return _holds_a_book(path, mode="rw")  # a crash left a journal, which readers may not roll back


def _holds_a_book(path: Path, mode: str) -> bool:
    with closing(_connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
        _distrust(connection)
        if is_empty(connection, path):
            return False
        require_definitions(connection, path)
    return True


def _distrust(connection: Any) -> None:
    """Nothing that stands in the file may call what reaches beyond it, and no page is believed unseen."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _connect(name: str, **options: Any) -> Any:
    return sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, **options)


def require_sound(path: Path) -> None:
    """Raises BookDamaged if pages, keys or indexes of the book do not fit together.

    A snapshot cannot show that: it is made row by row from the tables, and its indexes are new.
    """
    with translated_errors(path), closing(open_for_reading(path)) as connection:
        flaws = [flaw for (flaw,) in connection.execute("PRAGMA integrity_check(1)")]
    if flaws != ["ok"]:
        raise BookDamaged(path=path, reason=flaws[0])


def snapshot(path: Path, target: Path) -> None:
    """Write the book as it is at one moment to `target`; the worker goes on meanwhile.

    Raises BookUnavailable, NotABook, BookDamaged; BookFault of the `target`.
    """
    connection = open_for_reading(path)
    try:
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
    """BEGIN, then COMMIT, or ROLLBACK if anything was raised."""
    _begin(connection, mode)
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _begin(connection: Any, mode: str) -> None:
    """Wait for the lock however long another program holds it, and say so: nothing is lost, nobody has to restart."""
    began = monotonic()
    while True:
        try:
            connection.execute(f"BEGIN {mode}")
        except sqlite3.OperationalError as error:
            if _code(error) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            import structlog  # readers do without it

            waited = round(monotonic() - began)
            structlog.get_logger().warning("book locked by another program", waited_seconds=waited, next_step=LOCKED)
        else:
            return


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
