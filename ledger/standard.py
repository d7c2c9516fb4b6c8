"""Standard output, where what a command prints arrives or is missed, and standard error, where nobody may listen."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from schemas.errors import Unavailable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT, STDERR = 1, 2


class OutputUnwritable(Unavailable):
    """Standard output cannot be written: {reason}. What was printed is not whole; whatever else the command did stands.
    Make room, or direct the output elsewhere, and run it again: events that go out twice count once."""


class _Output(io.FileIO):
    """Standard output: names what cannot be written, wherever it is printed."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:  # a reader that has gone, as `head` does, is no fault
            raise
        except OSError as error:
            return self.lost(content, error)

    def lost(self, content: ReadableBuffer, error: OSError) -> int:
        """Return how many bytes count as written, or raise."""
        raise OutputUnwritable(reason=error.strerror) from error


class _Messages(_Output):
    """Standard error: goes on where it cannot be written, as on a full disk. The exit code still tells the outcome."""

    def lost(self, content: ReadableBuffer, error: OSError) -> int:
        """Count all of it as written."""
        return memoryview(content).nbytes


def check() -> None:
    """From here on `sys.stdout` raises OutputUnwritable, and `sys.stderr` nothing; also where they were closed when the
    process began. Streams that a caller in this process has put in their place stay."""
    # a number that is free would be that of the next file of ours; nothing can be written to what is open for reading
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(sys.stdout, _Output, STDOUT, os.O_RDONLY)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(sys.stderr, _Messages, STDERR, os.O_WRONLY)


def drop() -> None:
    """What is printed from here on, and what was not written yet, goes nowhere."""
    _put(os.open(os.devnull, os.O_WRONLY), STDOUT)


def _text(given: TextIO | None, kind: type[_Output], number: int, if_closed: int) -> TextIO:
    if given is None:
        _put(os.open(os.devnull, if_closed), number)
    return io.TextIOWrapper(
        io.BufferedWriter(kind(number, "wb", closefd=False)),
        encoding=given.encoding if given else "utf-8",
        errors=given.errors if given else "backslashreplace",
        line_buffering=number == STDERR or (given is not None and given.isatty()),
    )


def _put(descriptor: int, number: int) -> None:
    if descriptor != number:
        os.dup2(descriptor, number)
        os.close(descriptor)
