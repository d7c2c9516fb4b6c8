"""Files that are on the disk before anybody relies on them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync(path: Path) -> None:
    """Sync a directory, or a file that somebody else has written. Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(draft: Path, path: Path) -> None:
    """Give a synced file its name, and replace the file that has it. Raise OSError."""
    draft.replace(path)
    sync(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Run a block while no other process has this lock on a file or directory; wait for it. Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that replaces the one before, or nothing. Raise OSError."""
    draft = path.with_name(f"{path.name}.partial")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    settle(draft, path)
