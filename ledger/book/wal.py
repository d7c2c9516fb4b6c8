"""The `-wal` next to the book: it holds the latest commits until a checkpoint moves them into the book. One endless
reader, or many overlapping ones, keep it growing; this module detects that and truncates the file.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger.book.files import sibling

LIMIT = 64 << 20
"""A larger file is truncated as soon as its readers are gone."""
ALARMING = 256 << 20
"""A larger file is logged as a warning."""
READERS_WAIT_SECONDS = 0.25
"""A truncation waits this long for readers, and delays new batches this long."""
TRY_SECONDS = 10.0
"""Time between two attempts at truncation."""
NEXT_STEP = "end the long transactions of the programs that read the book; for long queries copy it: ip-ledger backup"
UNHELD_STEP = "a running worker truncates the file within a minute; if none runs, start one: ip-ledger worker"
_READ_MARKS = range(123, 128)
"""Bytes of the `-shm` that readers lock, https://www.sqlite.org/walformat.html section 2.3.2."""


def wal_bytes(path: Path) -> int:
    """Return the size of the `-wal` of the book at `path`, 0 if it does not exist."""
    try:
        return sibling(path, "-wal").stat().st_size
    except FileNotFoundError:
        return 0


def readers(path: Path) -> list[str]:
    """Return the processes that are reading the book at `path` now, as `pid name`; empty without Linux's /proc."""
    try:
        inode = sibling(path, "-shm").stat().st_ino
        locks = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return []
    pids = set()
    for fields in map(str.split, locks):  # such as "1: POSIX  ADVISORY  READ 4242 08:01:1234 124 124"
        if fields[1] == "POSIX" and fields[5].endswith(f":{inode}") and int(fields[6]) in _READ_MARKS:
            pids.add(int(fields[4]))
    return [f"{pid} {_name(pid)}".strip() for pid in sorted(pids)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


class WalWatch:
    """Keeps the `-wal` of a worker's book small; if it cannot, logs a warning each time the size has doubled."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection, self._path = connection, path
        import structlog  # slow to import, and readers do not need it

        self._log = structlog.get_logger()
        self._next_try = 0.0
        self._alarm = ALARMING

    def look(self) -> None:
        """Truncate the file or warn if it is too large. Call after each batch and while idle, outside a transaction,
        in the connection's thread."""
        size = wal_bytes(self._path)
        if size > LIMIT and time.monotonic() >= self._next_try:
            reading = readers(self._path)
            self._truncate()
            self._next_try = time.monotonic() + TRY_SECONDS
            size = wal_bytes(self._path)
            if size > self._alarm:
                facts = {"book": str(self._path), "wal_bytes": size, "readers": reading, "next_step": NEXT_STEP}
                self._log.warning("wal grows", **facts)
                self._alarm = 2 * size
        if size <= LIMIT and self._alarm > ALARMING:
            self._log.info("wal shrank", book=str(self._path), wal_bytes=size)
            self._alarm = ALARMING

    def _truncate(self) -> None:
        """Truncate the file. Wait only for readers that began before: new ones read the book itself."""
        (patience,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {READERS_WAIT_SECONDS * 1000:.0f}")
        try:
            empty(self._connection)  # on failure the next attempt follows
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {patience}")


def empty(connection: Any) -> None:
    """Move the content of the `-wal` of an open book into the book, if no reader prevents it."""
    with closing(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as cursor:
        cursor.fetchall()
