"""The file beside the book (`-wal`): what the worker committed last stands in it until a checkpoint moves it into the
book. A reader that never ends, or short ones that never leave a gap, keep it growing; here that is noticed and undone.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger.book.files import beside

LIMIT = 64 << 20
"""Larger than this it never stays once its readers are gone."""
ALARMING = 256 << 20
"""Larger than this somebody has to look."""
READERS_WAIT_SECONDS = 0.25
"""So long a truncation waits for readers to end, and so long new batches wait for it."""
TRY_SECONDS = 10.0
"""Between two attempts at truncation."""
NEXT_STEP = "end the long transactions of the programs that read the book; copies for long questions: ip-ledger backup"
UNHELD_STEP = "nothing, where a worker runs: it empties the file within a minute; else start one: ip-ledger worker"
_READ_MARKS = range(123, 128)
"""Bytes of `-shm` that readers lock, https://www.sqlite.org/walformat.html section 2.3.2."""


def wal_bytes(path: Path) -> int:
    """The size of the `-wal` of the book at `path`; 0 if there is none."""
    try:
        return beside(path, "-wal").stat().st_size
    except FileNotFoundError:
        return 0


def readers(path: Path) -> list[str]:
    """Who is in the middle of reading the book at `path` right now: `pid name`. Nobody is named where Linux does not
    say."""
    try:
        inode = beside(path, "-shm").stat().st_ino
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
    """Keeps the `-wal` of a worker's book small, and says once each time it has doubled that this cannot be done."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection, self._path = connection, path
        import structlog  # readers do without it

        self._log = structlog.get_logger()
        self._next_try = 0.0
        self._alarm = ALARMING

    def look(self) -> None:
        """Call it after a batch and while none comes, outside of a transaction, in the thread of the connection."""
        size = wal_bytes(self._path)
        if size > LIMIT and time.monotonic() >= self._next_try:
            named = readers(self._path)
            self._truncate()
            self._next_try = time.monotonic() + TRY_SECONDS
            size = wal_bytes(self._path)
            if size > self._alarm:
                facts = {"book": str(self._path), "wal_bytes": size, "readers": named, "next_step": NEXT_STEP}
                self._log.warning("wal grows", **facts)
                self._alarm = 2 * size
        if size <= LIMIT and self._alarm > ALARMING:
            self._log.info("wal shrank", book=str(self._path), wal_bytes=size)
            self._alarm = ALARMING

    def _truncate(self) -> None:
        """Only readers that began before are waited for: new ones read the book itself."""
        (patience,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {READERS_WAIT_SECONDS * 1000:.0f}")
        try:
            empty(self._connection)  # if it cannot be, it stays as it is until the next attempt
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {patience}")


def empty(connection: Any) -> None:
    """Move what stands in the `-wal` of an open book into the book, if no reader is in the way."""
    with closing(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as cursor:
        cursor.fetchall()
