"""What can be wrong with a book, or with the log beneath it. Each names the next step."""

from __future__ import annotations

from schemas.errors import PromiseBroken, Unavailable, UsageError


class BookUnavailable(Unavailable):
    """The book {path} cannot be opened: {reason}. Look at LEDGER_BOOK. A worker makes a new book where there is
    none; one that is broken is restored from a backup, or made again by `ip-ledger replay --book NEW`."""


class NotABook(BookUnavailable):
    """The file {path} is not a book of this ledger: {reason}. Nothing of it was changed. Point LEDGER_BOOK to the book,
    or to a path where there is no file: a worker makes a new book there. If this was the book, it is damaged: restore a
    backup, or make it anew from the log with `ip-ledger replay --book NEW`."""


class BookExists(UsageError):
    """There is a file at {path} already. Name a new one; a book is never written over."""


class NotMade(Unavailable):
    """{path} cannot be made: {reason}. Nothing is left of it. See that {directory} is there and can be written, or name
    another place (TMPDIR, if you have named none)."""


class NoRoom(NotMade):
    """There is no room for {path}: {reason}. Nothing is left of it. Make room in {directory}, or name another place
    (TMPDIR, if you have named none)."""


class OtherVersion(PromiseBroken):
    """The book {path} was folded by version {found}, this program folds by version {wanted}. Nothing was written.
    Make a second book with `ip-ledger replay --book NEW`, compare, then point LEDGER_BOOK to it. The release that made
    this one, and any SQLite client, can go on reading it."""


class OldSQLite(PromiseBroken):
    """SQLite {found} can corrupt a WAL; writing needs {wanted} or newer. Install the package pysqlite3 >= 0.6.1."""


class OtherLog(PromiseBroken):
    """This is not the log that the book {path} stands on: {what} was {known}, now it is {found}. Nothing was
    written. Point LEDGER_BROKERS to the right cluster, or make a new book with `ip-ledger replay --book NEW`."""


class LogRewound(PromiseBroken):
    """{topic}:{partition} ends at offset {end}, but the book was posted up to {next}: the log lost [{end}, {next}).
    Nothing was written. Restore the log, or keep this book as it is and make a new one with
    `ip-ledger replay --book NEW`."""


class LogTrimmed(PromiseBroken):
    """{topic}:{partition} begins at offset {start}, but the book goes on at {next}: the records [{next}, {start})
    are gone. Nothing was written. Restore the log; a new book of what is left is made by
    `ip-ledger replay --book NEW --from-earliest`."""


class LogChanged(PromiseBroken):
    """The record at {topic}:{partition}={offset} is not the one that the book posted there. Nothing was written. The
    log was rewritten or the topic made anew: find out why, then make a new book with `ip-ledger replay --book NEW`."""


class LogUnrecognised(PromiseBroken):
    """The last record that the book posted, {topic}:{partition}={offset}, is gone: the log begins at {start}, so it
    cannot be recognised. Nothing was written. Make a new book of what is left with
    `ip-ledger replay --book NEW --from-earliest`."""


class LogIncomplete(PromiseBroken):
    """{topic}:{partition} begins at offset {start}, not at 0, so a new book would lack [0, {start}). Say
    --from-earliest to begin there all the same; `ip-ledger verify` will then say incomplete."""


class BookFault(PromiseBroken):
    """The book {path} cannot be read or written: {reason}. Nothing of the batch was kept or acknowledged. Look at the
    disk, at the rights, and at who else moves or changes the file, its -wal and its -shm; then start the worker
    again."""


class BookFull(BookFault):
    """There is no room for the book {path}: {reason}. Nothing of the batch was kept or acknowledged. Make room in
    {directory}, then start the worker again."""


class BookReplaced(PromiseBroken):
    """The files of the book {path} are not those that the worker has open: {what}. Nothing of the batch was kept or
    acknowledged; what was committed before stands in the file that was opened. Find out who moves, restores or deletes
    files there. To put another book in its place, stop the worker, and take -wal and -shm away; then start it again: it
    goes on where the book stands that is there."""


class BookDamaged(PromiseBroken):
    """The book {path} is damaged: {reason}. Nothing was written or acknowledged, and none of its figures can be relied
    on. Put it aside with its -wal and look at the disk; then restore a backup, or make the book anew from the log with
    `ip-ledger replay --book NEW`."""


class OffsetSkipped(PromiseBroken):
    """A batch of {topic}:{partition} begins at {start}, but the book goes on at {next}: something was skipped.
    Nothing was written. Start the worker again; if it comes back, report it with the log."""
