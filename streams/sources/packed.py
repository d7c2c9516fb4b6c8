"""What is in a file, plain or packed: its bytes, or those of each file in an archive.

Files come from outside. So each bound is on what was read of them, never on what they say of themselves.
"""

from __future__ import annotations

import csv
import gzip
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from schemas.escapes import shown
from schemas.wording import LONGEST_MESSAGE
from streams.sources.json_items import BrokenJson
from streams.sources.results import Skipped, SkipReason

MOST_UNPACKED, FREE_UNPACKED = 200, 64 * 2**20
"""A file unpacks to so many times its bytes at most, and these besides: ten times are usual."""
LARGEST_DIRECTORY = 4 * 2**20
"""The directory of a ZIP archive has at most this many bytes: some 50,000 members."""
LONGEST_NAME = 255
PACKED = _GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"

FAULTS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, BrokenJson, UnicodeDecodeError, csv.Error)
"""How a file ends too early, or in the middle of something else."""


def fault_in_words(error: Exception) -> str:
    """On one line."""
    return shown(f"cannot be read further: {' '.join(str(error).split())}", LONGEST_MESSAGE)


class Member(NamedTuple):
    """A file, or one in a ZIP archive: its name for people, its bytes, how many of the file's were read so far, and
    whether it is in an archive. What was read before a fault is not lost with `file.read1`."""

    name: str
    file: BufferedReader
    raw: IO[bytes]
    archived: bool = False


def members(path: Path, stack: ExitStack) -> Iterator[Member | Skipped]:
    """What is in a file: plain and gzip files are one member, a ZIP archive has several. Raises OSError, BadZipFile."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is no file, but a directory, a pipe or a device")
    raw = stack.enter_context(_File(FileIO(path)))
    budget, name = _Budget(path.stat().st_size), name_of(path)
    match raw.peek(len(_ZIP))[: len(_ZIP)]:
        case beginning if beginning == _ZIP:
            archive = stack.enter_context(zipfile.ZipFile(raw))
            for entry in archive.infolist():
                if not entry.is_dir() and budget.left >= 0:
                    yield _archived(archive, entry, f"{name}/{entry.filename[:LONGEST_NAME]}", raw, budget)
        case beginning if beginning.startswith(_GZIP):
            yield Member(name, _bounded(gzip.GzipFile(fileobj=raw), budget), raw)
        case _:
            yield Member(name, raw, raw)


def name_of(path: Path) -> str:
    """A file's name for people: bytes that are no UTF-8 as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _archived(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, raw: IO[bytes], budget: _Budget
) -> Member | Skipped:
    try:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack without a bound
            raise OSError("it is compressed in a way that is not read here")
        return Member(name, _bounded(cast(zipfile.ZipExtFile, archive.open(entry)), budget), raw, True)
    except (OSError, RuntimeError, zipfile.BadZipFile) as error:  # RuntimeError: it is encrypted
        return Skipped(name, "its beginning", SkipReason.UNREADABLE_FILE, fault_in_words(error))


class _File(BufferedReader):
    """A file of which nobody reads very much at once: `zipfile` would, of a directory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile(f"its directory has more than {LARGEST_DIRECTORY} bytes")
        return super().read(size)


class _Budget:
    """How many bytes a packed file may still unpack to."""

    def __init__(self, packed: int) -> None:
        self.left = FREE_UNPACKED + MOST_UNPACKED * packed

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise OSError(f"it unpacks to more than {MOST_UNPACKED} times its bytes")


class _Unpacked(RawIOBase):
    def __init__(self, file: gzip.GzipFile | zipfile.ZipExtFile, budget: _Budget) -> None:
        self._file, self._budget = file, budget

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        part = self._file.read1(len(buffer))
        self._budget.spend(len(part))
        buffer[: len(part)] = part
        return len(part)


def _bounded(file: gzip.GzipFile | zipfile.ZipExtFile, budget: _Budget) -> BufferedReader:
    return BufferedReader(_Unpacked(file, budget))
