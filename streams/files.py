"""Files that settings name: what never begins or ends, or is larger than it can be, is refused before it is read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO


def regular(path: str | Path, most: int) -> bytes:
    """Return the content of a regular file of at most so many bytes. Raises OSError, ValueError."""
    # a pipe that nobody writes to is not waited for
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ValueError("it is no regular file")
        return within(source, most)


def within(source: IO[bytes], most: int) -> bytes:
    """Return what is left of it, at most so many bytes. Raises ValueError, OSError."""
    content = source.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {most} bytes")
    return content
