"""The border: errors become one sentence on stderr and an exit code here, and nowhere else."""

from __future__ import annotations

import traceback
from enum import IntEnum

import pysqlite3 as sqlite3

from ledger.access import BadMap, settings
from ledger.book.connection import named
from ledger.book.errors import BookExists, BookUnavailable, NotMade
from ledger.book.position import BadPosition
from ledger.files import UnusableFile
from ledger.nearest import UnknownName
from ledger.output import talk
from ledger.queries.state import AnswerTooLong
from ledger.queries.view import NoSuchColumn, NotDated, OneBasis
from ledger.settings import BadSetting
from ledger.standard import OutputUnwritable
from schemas.errors import LedgerError


class Exit(IntEnum):
    """Exit codes (65, 69 and 70 as in BSD's sysexits)."""

    FINE = 0
    DIFFERENT = 1
    USAGE = 2
    UNUSABLE = 65
    UNAVAILABLE = 69
    BROKEN = 70
    INTERRUPTED = 130


def exit_code(error: BaseException) -> Exit:
    """The exit code that an error means."""
    from ledger.audit.replay import BeyondLog
    from ledger.commands.importing import ImportStopped
    from streams.broker.errors import BrokerError
    from streams.cluster import BrokerUnavailable, TopicMissing
    from streams.copy import CopyNotEmpty, NotCopied
    from streams.producer import NotDelivered
    from streams.reader import PositionInsideBatch
    from streams.rights import NotAuthorized
    from streams.security import SecurityFileUnusable
    from streams.topics import TopicsRefused

    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    unusable = (
        BadPosition,
        BadSetting,
        BeyondLog,
        BookExists,
        CopyNotEmpty,
        NoSuchColumn,
        NotDated,
        OneBasis,
        PositionInsideBatch,
        SecurityFileUnusable,
        UnknownName,
        UnusableFile,
    )
    if isinstance(error, unusable):
        return Exit.USAGE
    if isinstance(error, BadMap):
        return Exit.UNUSABLE
    unavailable = (
        AnswerTooLong,
        BookUnavailable,
        BrokerError,
        BrokerUnavailable,
        ImportStopped,
        NotAuthorized,
        NotCopied,
        NotDelivered,
        NotMade,
        OutputUnwritable,
        TopicMissing,
        TopicsRefused,
    )
    return Exit.UNAVAILABLE if isinstance(error, unavailable) else Exit.BROKEN


def report(error: BaseException) -> Exit:
    """Say what went wrong; the exit code to end with."""
    if isinstance(error, sqlite3.Error):
        error = named(settings().book, error)
    code = exit_code(error)
    if isinstance(error, LedgerError):
        talk(f"{type(error).__name__}: {error}")
    elif code is Exit.INTERRUPTED:
        talk("interrupted")
    else:
        talk(*"".join(traceback.format_exception(error)).rstrip("\n").split("\n"))
        talk(
            f"A fault of the ledger itself ({type(error).__name__}): nothing of it was kept. "
            "Please report it with the above."
        )
    return code
