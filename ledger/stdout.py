"""Standard output: what a command prints arrives, or it is said that it did not."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from schemas.errors import LedgerError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT = 1
"""Its number."""


class OutputUnwritable(LedgerError):
    """Standard output cannot be written: {reason}. What was printed is not whole; whatever else the command did stands.
    Make room, or direct the output elsewhere, and run it again: events that go out twice count once."""


class _Checked(io.FileIO):
    """Names what cannot be written, wherever it is printed. A reader that has gone, as `head` does, is no fault."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputUnwritable(reason=error.strerror) from error


def check() -> None:
    """From here on `sys.stdout` raises OutputUnwritable, also where it was closed when the process began."""
    given = sys.stdout
    if given is None:
        # taken, so that no file of ours gets its number; and only for reading, so that nothing can be written to it
        _put(os.open(os.devnull, os.O_RDONLY))
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Checked(STDOUT, "wb", closefd=False)),
        encoding=given.encoding if given else "utf-8",
        errors=given.errors if given else "strict",
        line_buffering=given.isatty() if given else False,
    )


def drop() -> None:
    """What is printed from here on, and what was not written yet, goes nowhere."""
    _put(os.open(os.devnull, os.O_WRONLY))


def _put(descriptor: int) -> None:
    if descriptor != STDOUT:
        os.dup2(descriptor, STDOUT)
        os.close(descriptor)
