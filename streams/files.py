"""Read files that settings name; reject pipes, devices and oversized files before reading."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO


def regular(path: str | Path, most: int) -> bytes:
    """Return the content of a regular file of at most `most` bytes. Raise OSError, ValueError."""
    # do not wait for a pipe without a writer
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ValueError("it is not a regular file")
        return read_within(source, most)


def read_within(source: IO[bytes], most: int) -> bytes:
    """Return the rest of a file, at most `most` bytes. Raise ValueError, OSError."""
    content = source.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {most} bytes")
    return content
