"""Exit codes: errors become one sentence on stderr and an exit code here, and nowhere else."""

from __future__ import annotations

import traceback
from enum import IntEnum

from ledger.commands.context import settings
from ledger.commands.messages import echo_err
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
    """Return the exit code that an error means."""
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    return Exit(error.exit_code) if isinstance(error, LedgerError) else Exit.BROKEN


def report(error: BaseException) -> Exit:
    """Print the error, and return the exit code."""
    import pysqlite3 as sqlite3

    if isinstance(error, sqlite3.Error):
        from ledger.book.connection import translate_error

        error = translate_error(settings().book, error)
    code = exit_code(error)
    if isinstance(error, LedgerError):
        echo_err(f"{type(error).__name__}: {error}")
    elif code is Exit.INTERRUPTED:
        echo_err("interrupted")
    else:
        echo_err(*"".join(traceback.format_exception(error)).rstrip("\n").split("\n"))
        echo_err(
            f"A fault of the ledger itself ({type(error).__name__}): nothing was kept. Please report it with the above."
        )
    return code
