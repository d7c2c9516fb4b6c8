"""The write lock of processes on one book: a process that waits gets it the moment another has committed.

SQLite itself looks again after pauses of up to 0.1 s, so that a waiting process may starve while others are busy.
"""

from __future__ import annotations

import fcntl


class WriteLock:
    """A lock of an inherited descriptor. The system releases it when its holder dies. Foreign writers do not take it:
    SQLite's lock is what protects the book."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __enter__(self) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *failure: object) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
