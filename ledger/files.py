"""Files on the command line: read in pieces; devices, endless lines and pipes without a writer are refused."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from schemas.errors import UsageError
from streams.files import read_within

if TYPE_CHECKING:
    from schemas.codec import Refusal

_PATIENCE_SECONDS = 10.0
"""Wait this long for the writer of a pipe."""
LONGEST_LINE = 2 * 2**30
"""Stop reading a line after this many bytes."""
_CHUNK = 2**20


class UnusableFile(UsageError):
    """{file} cannot be used: {reason}. Name a file, or a pipe with a writer, as input, and another file, or a pipe
    with a reader, as output."""


class NoSuchFile(UnusableFile):
    """There is no file {file}. Correct the path; the working directory is {directory}."""


class NoSuchDirectory(UnusableFile):
    """{file} cannot be written: there is no directory {directory}. Create it, or choose another path."""


def opened_input(file: str | Path) -> IO[bytes]:
    """Open a file, a pipe or a terminal for reading; `-` is standard input. Raise UnusableFile."""
    if file == "-":
        if sys.stdin is None:
            raise UnusableFile(file="standard input", reason="it is closed")
        source = sys.stdin.buffer
    else:
        try:
            source = _opened_pipe(file) if stat.S_ISFIFO(os.stat(file).st_mode) else open(file, "rb")  # noqa: SIM115
        except FileNotFoundError as error:
            raise NoSuchFile(file=file, directory=Path.cwd()) from error
        except OSError as error:
            raise UnusableFile(file=file, reason=error.strerror) from error
    found = os.fstat(source.fileno())
    ends = found.st_rdev == os.stat(os.devnull).st_rdev or source.isatty()
    if (stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode)) and not ends:
        source.close()
        raise UnusableFile(file=file, reason="it is a device")
    return source


def require_paths(paths: Iterable[Path]) -> None:
    """Raise NoSuchFile for the first path that does not exist."""
    for path in paths:
        if not os.path.lexists(path):
            raise NoSuchFile(file=path, directory=Path.cwd())


def _opened_pipe(path: str | Path) -> IO[bytes]:
    """Open a named pipe with a deadline: the system blocks until there is a writer. Raise UnusableFile."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open, path, "rb")
        try:
            return opening.result(_PATIENCE_SECONDS)
        except BaseException as error:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))  # releases the other thread
            opening.result().close()
            if isinstance(error, TimeoutError):
                raise UnusableFile(file=path, reason="it is a pipe without a writer") from error
            raise


def open_output(file: str, inputs: Iterable[Path] = ()) -> IO[bytes]:
    """Open a file for writing; it must not be an input. Raise UnusableFile."""
    path = Path(file)
    try:
        if any(path.exists() and other.exists() and path.samefile(other) for other in inputs):
            raise UnusableFile(file=file, reason="it is also an input")
        if not path.is_fifo():
            return path.open("wb")
        number = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # fails at once without a reader
        os.set_blocking(number, True)
        return os.fdopen(number, "wb")
    except FileNotFoundError as error:
        raise NoSuchDirectory(file=file, directory=path.parent) from error
    except OSError as error:
        reason = "it is a pipe without a reader" if error.errno == errno.ENXIO else error.strerror
        raise UnusableFile(file=file, reason=reason) from error


def lines(source: IO[bytes]) -> Iterator[bytes | Refusal]:
    """Yield each line with its line end; for a line longer than a value may be, a refusal. The last line may lack a
    line end. Raise UnusableFile."""
    from schemas.codec import LARGEST_VALUE, Refusal
    from schemas.rules import Rule

    try:
        while line := source.readline(LARGEST_VALUE + 2):
            if line.endswith(b"\n") or len(line) < LARGEST_VALUE + 2:
                yield line
                continue
            size = len(line)
            while size <= LONGEST_LINE and not line.endswith(b"\n") and (line := source.readline(_CHUNK)):
                size += len(line)
            if size > LONGEST_LINE:
                yield Refusal(Rule.TOO_LARGE, "", "line_end", {"bytes": size})
                return
            yield Refusal(Rule.TOO_LARGE, "", "line_bytes", {"bytes": size, "most": LARGEST_VALUE})
    except OSError as error:
        raise UnusableFile(file=source.name, reason=error.strerror) from error


def limited_text(path: Path, most: int) -> str:
    """Return a UTF-8 file's text of at most `most` bytes. Raise UnusableFile, ValueError."""
    with opened_input(path) as source:
        return read_within(source, most).decode()
