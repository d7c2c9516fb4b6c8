"""Standard output, whose failures are errors, and standard error, whose failures are ignored."""

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
    """Standard output cannot be written: {reason}. The output is incomplete; other effects of the command remain. Free
    disk space or redirect the output, then run the command again: events that are sent twice count once."""


class _Output(io.FileIO):
    """Standard output that raises OutputUnwritable, whatever code prints."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:  # a reader that has ended, as `head` does, is not an error
            raise
        except OSError as error:
            return self.lost(content, error)

    def lost(self, content: ReadableBuffer, error: OSError) -> int:
        """Return how many bytes count as written, or raise."""
        raise OutputUnwritable(reason=error.strerror) from error


class _Messages(_Output):
    """Standard error that ignores failed writes, as on a full disk. The exit code still reports the outcome."""

    def lost(self, content: ReadableBuffer, error: OSError) -> int:
        """Count all bytes as written."""
        return memoryview(content).nbytes


def check_streams() -> None:
    """Make `sys.stdout` raise OutputUnwritable and `sys.stderr` raise nothing, even if they were closed at the start of
    the process. Keep streams that a caller in this process has replaced."""
    # A closed number would be reused by the next file that is opened. A read-only descriptor makes writes fail.
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(sys.stdout, _Output, STDOUT, os.O_RDONLY)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(sys.stderr, _Messages, STDERR, os.O_WRONLY)


def drop() -> None:
    """Discard the unwritten and all later output."""
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
