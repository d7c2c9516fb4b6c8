"""The contents of a file, plain or packed: its bytes, or those of each file in an archive.

Files are untrusted. So each limit applies to the bytes read, never to sizes that a file declares.
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
"""Maximum ratio of unpacked to packed bytes, and an allowance on top; a ratio of ten is usual."""
LARGEST_DIRECTORY = 4 * 2**20
"""Maximum bytes of a ZIP archive's directory: about 50,000 members."""
LONGEST_NAME = 255
PACKED = _GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"

FAULTS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, BrokenJson, UnicodeDecodeError, csv.Error)
"""Errors of a file that ends too early or is damaged."""


def fault_in_words(error: Exception) -> str:
    """Return the error's message on one line."""
    return shown(f"cannot be read further: {' '.join(str(error).split())}", LONGEST_MESSAGE)


class PackedFile(NamedTuple):
    """A file, or a file in a ZIP archive: its name for people, its bytes, the file's bytes read so far, and whether it
    is in an archive. `file.read1` returns everything read before a fault."""

    name: str
    file: BufferedReader
    raw: IO[bytes]
    archived: bool = False


def packed_files(path: Path, stack: ExitStack) -> Iterator[PackedFile | Skipped]:
    """Yield the contents of a file: one member for plain and gzip files, several for a ZIP archive. Raise OSError,
    BadZipFile."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is a directory, a pipe or a device, not a file")
    raw = stack.enter_context(_File(FileIO(path)))
    budget, name = _Budget(path.stat().st_size), name_of(path)
    match raw.peek(len(_ZIP))[: len(_ZIP)]:
        case beginning if beginning == _ZIP:
            archive = stack.enter_context(zipfile.ZipFile(raw))
            for entry in archive.infolist():
                if not entry.is_dir() and budget.left >= 0:
                    yield _archived(archive, entry, f"{name}/{entry.filename[:LONGEST_NAME]}", raw, budget)
        case beginning if beginning.startswith(_GZIP):
            yield PackedFile(name, _bounded(gzip.GzipFile(fileobj=raw), budget), raw)
        case _:
            yield PackedFile(name, raw, raw)


def files_of(path: Path) -> list[Path]:
    """Return the path, or for a directory its files in the order of their names, without hidden ones."""
    try:
        within = sorted(path.iterdir()) if path.is_dir() else []
    except OSError:
        within = []
    return [file for file in within if not file.name.startswith(".")] or [path]


def name_of(path: Path) -> str:
    r"""Return a file's name for people: bytes that are not UTF-8 as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _archived(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, raw: IO[bytes], budget: _Budget
) -> PackedFile | Skipped:
    try:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others ignore the limit
            raise OSError("its compression method is not supported")
        return PackedFile(name, _bounded(cast(zipfile.ZipExtFile, archive.open(entry)), budget), raw, True)
    except (OSError, RuntimeError, zipfile.BadZipFile) as error:  # RuntimeError: it is encrypted
        return Skipped(name, "its beginning", SkipReason.UNREADABLE_FILE, fault_in_words(error))


class _File(BufferedReader):
    """A file that limits the size of a read: `zipfile` reads a whole directory at once."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile(f"its directory has more than {LARGEST_DIRECTORY} bytes")
        return super().read(size)


class _Budget:
    """The remaining bytes that a packed file may unpack to."""

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
