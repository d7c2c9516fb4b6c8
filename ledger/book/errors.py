"""Errors of a book, or of the log that it is folded from. Each message has the next step."""

from __future__ import annotations

from schemas.errors import PromiseBroken, Unavailable, UsageError


class BookUnavailable(Unavailable):
    """The book {path} cannot be opened: {reason}. Check LEDGER_BOOK. If there is no book, `ip-ledger worker` creates
    one; if it is broken, restore a backup or rebuild it with `ip-ledger replay --book NEW`."""


class NotComparable(BookUnavailable):
    """{path} cannot be compared: {reason}. `ip-ledger compare` takes the paths of two books; `ip-ledger replay --book
    NEW` and `ip-ledger backup NEW` make one."""


class NotABook(BookUnavailable):
    """The file {path} is not a book of this ledger: {reason}. The file was not changed. Set LEDGER_BOOK to the book, or
    to a path without a file: a worker creates a new book there. If this was the book, it is damaged: restore a backup,
    or rebuild it from the log with `ip-ledger replay --book NEW`."""


class SchemaDiffers(NotABook):
    """The file {path} has the tables of a book, but {reason}. The file was not changed. It may be of another version of
    ip-ledger, or damaged: rebuild it with `ip-ledger replay --book NEW`, or restore a backup of this version."""


class BookExists(UsageError):
    """The file {path} exists already, and a book never replaces a file. Choose another path."""


class NotMade(Unavailable):
    """Could not create {path}: {reason}. The partial file was removed. Check that {directory} exists and is writable,
    or choose another path (temporary files: set TMPDIR)."""


class NoDirectory(NotMade):
    """Could not create {path}: there is no directory {directory}. Create it, or choose another path."""


class NoRoom(NotMade):
    """Could not create {path}: {reason}. The partial file was removed. Free disk space in {directory}, or choose
    another path (temporary files: set TMPDIR)."""


class OtherVersion(PromiseBroken):
    """The book {path} was folded by version {found}, this program folds by version {wanted}. Nothing was written.
    Build a second book with `ip-ledger replay --book NEW`, compare the two, then set LEDGER_BOOK to the new one. The
    release that created the old book, and any SQLite client, can still read it."""


class OldSQLite(PromiseBroken):
    """SQLite {found} can corrupt a WAL; writing needs {wanted} or newer. Install the package pysqlite3 >= 0.6.1."""


class OtherLog(PromiseBroken):
    """This is not the log of the book {path}: {what} was {known}, now it is {found}. Nothing was written. Set
    LEDGER_BROKERS to the right cluster, or build a new book with `ip-ledger replay --book NEW`."""


class LogRewound(PromiseBroken):
    """{topic}:{partition} ends at offset {end}, but the book was posted up to {next}: the log lost [{end}, {next}).
    Nothing was written. Restore the log, or keep this book as it is and build a new one with
    `ip-ledger replay --book NEW`."""


class LogTrimmed(PromiseBroken):
    """{topic}:{partition} begins at offset {start}, but the book continues at {next}: the records [{next}, {start})
    are gone. Nothing was written. Restore the log, or build a new book of the remaining records with
    `ip-ledger replay --book NEW --from-earliest`."""


class LogChanged(PromiseBroken):
    """The record at {topic}:{partition}={offset} is not the one that the book posted there. Nothing was written. The
    log was rewritten or the topic recreated: find out why, then build a new book with `ip-ledger replay --book NEW`."""


class LogUnrecognised(PromiseBroken):
    """The last record that the book posted, {topic}:{partition}={offset}, is gone: the log begins at {start}, so it
    cannot be recognised. Nothing was written. Build a new book of the remaining records with
    `ip-ledger replay --book NEW --from-earliest`."""


class OtherShare(UsageError):
    """The book {path} holds the share {found} of the log, not {wanted}. A book keeps its share for life. Leave out
    --share, or choose another LEDGER_BOOK."""


class BeyondLog(UsageError):
    """{topic}:{partition}={offset} is outside the log, which holds [{first}, {end}). Choose a position within it."""


class LogIncomplete(PromiseBroken):
    """{topic}:{partition} begins at offset {start}, not at 0, so a new book would lack [0, {start}). Use
    --from-earliest to begin there anyway; `ip-ledger verify` then reports `incomplete`."""


class BookFault(PromiseBroken):
    """The book {path} cannot be read or written: {reason}. The batch was neither stored nor acknowledged. Check the
    disk, the permissions, and programs that move or change the file, its -wal or its -shm; then restart the worker."""


class BookFull(BookFault):
    """No disk space for the book {path}: {reason}. The batch was neither stored nor acknowledged. Free disk space in
    {directory}, then restart the worker."""


class BookReplaced(PromiseBroken):
    """The files of the book {path} are not the ones that the worker has open: {what}. The batch was neither stored nor
    acknowledged; earlier commits are in the file that was opened. Find out who moves, restores or deletes files there.
    To replace the book, stop the worker, delete -wal and -shm, put the other book there, and start the worker: it
    continues at the position of that book."""


class BookDamaged(PromiseBroken):
    """The book {path} is damaged: {reason}. Nothing was written or acknowledged. Do not use its figures. Set it aside
    with its -wal and check the disk; then restore a backup, or rebuild the book from the log with
    `ip-ledger replay --book NEW`."""


class OffsetSkipped(PromiseBroken):
    """A batch of {topic}:{partition} begins at {start}, but the book continues at {next}: offsets were skipped.
    Nothing was written. Restart the worker; if this happens again, report it with the worker's log."""
