"""A disk whose power is cut (unsynced writes are lost, or torn at sectors, in any order), with SQLite on it by apsw.

SQLite makes the same calls in the same order as on a real disk. The lock of a file with a WAL is exclusive, because
apsw shares no memory between connections; so the real statements run, but the `-shm` file is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pysqlite3 as sqlite3
import pytest

ON_THE_DISK = "on-the-disk-of-the-vfs"
"""The directory whose files are on the disk in memory."""
SECTOR = 512
Image = dict[str, bytes]
"""Files on the disk: name -> content."""


class File:
    """A file: the content that programs see, the content on the disk, and pending changes (offset, bytes or size)."""

    def __init__(self, content: bytes = b"", *, known: bool = False) -> None:
        self.seen, self.kept = bytearray(content), bytearray(content)
        self.pending: list[tuple[int, bytes | None]] = []
        self.known = known  # its directory has been synced

    def write(self, data: bytes, offset: int) -> None:
        _put(self.seen, data, offset)
        while data:
            size = SECTOR - offset % SECTOR
            self.pending.append((offset, data[:size]))
            data, offset = data[size:], offset + size

    def truncate(self, size: int) -> None:
        del self.seen[size:]
        self.pending.append((size, None))

    def sync(self) -> None:
        self._keep(self.kept, self.pending)
        self.pending.clear()

    def forget(self, chance: Random) -> None:
        """Fail a sync: some changes reach the disk, the others count as written and are never retried."""
        self.kept[:] = self.after_a_cut(chance)
        self.pending.clear()

    def after_a_cut(self, chance: Random) -> bytes:
        """Return the content after a power cut: with any part of the pending changes, some of them garbled."""
        content, share = bytearray(self.kept), chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        part = [(offset, data) for offset, data in self.pending if chance.random() < share]
        for number, (offset, data) in enumerate(part):
            if data is not None and chance.random() < 0.01:
                part[number] = (offset, self._garbled(offset, data, chance))
        self._keep(content, part)
        return bytes(content)

    def _garbled(self, offset: int, data: bytes, chance: Random) -> bytes:
        """Return random bytes, except where the byte does not change."""
        before = self.kept[offset : offset + len(data)].ljust(len(data), b"\0")
        return bytes(old if old == new else chance.randrange(256) for old, new in zip(before, data, strict=True))

    @staticmethod
    def _keep(content: bytearray, changes: Iterable[tuple[int, bytes | None]]) -> None:
        for offset, data in changes:
            if data is None:
                del content[offset:]
            else:
                _put(content, data, offset)


class Disk:
    """Files, and a callback before every change of them."""

    def __init__(self, image: Mapping[str, bytes] | None = None, watch: Callable[[], None] = lambda: None) -> None:
        self.files = {name: File(content, known=True) for name, content in (image or {}).items()}
        self.gone: dict[str, File] = {}  # deleted, but the directory has not been synced
        self.watch = watch
        self.failing_syncs: set[int] = set()
        self.syncs = 0
        self.chance = Random(0)  # draws what a failed sync leaves

    def open(self, name: str, *, create: bool) -> File:
        if name not in self.files:
            if not create:
                raise apsw.CantOpenError(name)
            self.watch()
            self.files[name] = File()
        return self.files[name]

    def delete(self, name: str, *, synced: bool) -> None:
        if name not in self.files:
            return
        self.watch()
        file = self.files.pop(name)
        if synced:
            self._sync_directory()
        elif file.known:
            self.gone[name] = file

    def sync(self, name: str, file: File) -> None:
        """Sync as SQLite does: the first sync of a journal or WAL syncs its directory too."""
        self.watch()
        self.syncs += 1
        if self.syncs in self.failing_syncs:
            file.forget(self.chance)
            raise apsw.IOError("disk failure")
        file.sync()
        if not file.known and name.endswith(("-wal", "-journal")):
            self._sync_directory()

    def rewrite(self, name: str) -> None:
        """Do to a file of this disk what `ledger.book.connection.rewrite` does."""
        file = self.files.get(name)
        if file is not None:
            self.watch()
            file.write(bytes(file.seen), 0)
            self.sync(name, file)

    def _sync_directory(self) -> None:
        self.gone.clear()
        for file in self.files.values():
            file.known = True

    def after_a_cut(self, chance: Random) -> Image:
        """Return one possible content of the disk if the power is cut now."""
        left = {name: file for name, file in self.files.items() if file.known or chance.random() < 0.5}
        left |= {name: file for name, file in self.gone.items() if name not in left and chance.random() < 0.5}
        return {name: file.after_a_cut(chance) for name, file in left.items()}

    def seen(self) -> Image:
        """Return the file that the next process sees if only this process dies."""
        return {name: bytes(file.seen) for name, file in self.files.items()}


class DiskVFS(apsw.VFS):
    """SQLite's access to a Disk. `disk` may change between connections; `instead` maps statements to replacements."""

    def __init__(self, disk: Disk, *, wal: bool) -> None:
        self.disk, self.wal = disk, wal
        self.instead: dict[str, str] = {}
        self.name = "a disk in memory"
        self.processes: list[Connection] = []  # kept alive: a process that dies closes nothing
        super().__init__(self.name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        filename = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        flags[1] = flags[0]
        self.disk.open(filename, create=bool(flags[0] & apsw.SQLITE_OPEN_CREATE))
        return _Handle(self.disk, filename)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.disk.delete(Path(filename).name, synced=syncdir)

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        return Path(pathname).name in self.disk.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


class _Handle:
    def __init__(self, disk: Disk, name: str) -> None:
        self.disk, self.name, self.file = disk, name, disk.files[name]

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self.file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.watch()
        self.file.write(bytes(data), offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.watch()
        self.file.truncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.sync(self.name, self.file)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.file.seen)

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # as SQLite assumes on Linux

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        pass

    def xUnlock(self, level: int) -> None:  # noqa: N802
        pass

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None:  # noqa: N802
        pass


class Connection:
    """An apsw connection, with the methods of pysqlite3 that the book uses."""

    def __init__(self, name: str, vfs: DiskVFS) -> None:
        self._raw = apsw.Connection(name.partition("?")[0].removeprefix("file://"), vfs=vfs.name)
        if "mode=ro" in name:  # closing a reader does not checkpoint
            self._raw.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self._instead = vfs.instead
        vfs.processes.append(self)
        if vfs.wal:
            self.execute("PRAGMA locking_mode = EXCLUSIVE")

    def execute(self, sql: str, values: Any = ()) -> Any:
        return _Cursor(self._raw, self._raw.execute(self._instead.get(sql, sql), values))

    def executemany(self, sql: str, rows: Any) -> Any:
        return _Cursor(self._raw, self._raw.executemany(sql, rows))

    def set_progress_handler(self, handler: Callable[[], bool] | None, steps: int) -> None:
        self._raw.set_progress_handler(handler, steps)

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def close(self) -> None:
        self._raw.close(True)

    def abandon(self) -> None:
        """Close it, if it is open, without a checkpoint: what died before must not write to its disk afterwards."""
        with suppress(apsw.ConnectionClosedError):
            self._raw.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            self._raw.close(True)


class _Cursor:
    def __init__(self, connection: apsw.Connection, cursor: apsw.Cursor) -> None:
        self._cursor, self.rowcount = cursor, connection.changes()

    def __iter__(self) -> Any:
        return iter(self._cursor)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        return self._cursor.fetchall()


@contextmanager
def mounted(monkeypatch: pytest.MonkeyPatch, *, wal: bool) -> Iterator[DiskVFS]:
    """Run the product's own code and statements on a disk in memory, for files in ON_THE_DISK."""
    vfs = DiskVFS(Disk(), wal=wal)
    connect = sqlite3.connect

    def connect_there(name: Any, **options: Any) -> Any:
        return Connection(name, vfs) if ON_THE_DISK in str(name) else connect(name, **options)

    monkeypatch.setattr(sqlite3, "connect", connect_there)
    yield vfs
    vfs.disk = Disk()
    for process in vfs.processes:
        process.abandon()
    vfs.unregister()


def _put(content: bytearray, data: bytes, offset: int) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
