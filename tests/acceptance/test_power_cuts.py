"""Power cuts at every write, sync and delete of the book's own statements: none acknowledged is lost or partial."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import apsw
import pysqlite3 as sqlite3
import pytest

from ledger.book import book as books
from ledger.book import connection
from ledger.book.book import Book
from ledger.book.errors import BookDamaged
from ledger.book.sink import BookSink
from tests.acceptance.cuts import PowerCuts
from tests.acceptance.driver import CHECKPOINT_PAGES
from tests.acceptance.fault import Fault
from tests.acceptance.power import Disk, DiskVFS, Image, mounted
from tests.acceptance.short_log import ShortLog

EVENTS = 24
FULL = "PRAGMA synchronous = FULL"


class Cuts(PowerCuts):
    """Posts a short log to a book on a disk. A step is an acknowledged commit; before step 0 there is no book."""

    def __init__(self, chance: Random, directory: Path, share: float) -> None:
        super().__init__(directory / "book.db", chance, share, kept=-1)
        self.file.touch()  # for code that checks whether the file exists
        self.log = ShortLog(chance, EVENTS)

    def post(self, vfs: DiskVFS, disk: Disk) -> None:
        """Post the batches that the book on the disk lacks."""
        vfs.disk = disk
        if self.file.name not in disk.files or not connection.is_made(self.file):
            self.log.create(self.file)
            self.kept = 0
        book = Book(self.file, writable=True)
        book.connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        sink = BookSink(book)
        for number, batch in enumerate(self.log.batches):
            if batch.start == sink.next_offset(batch.topic, batch.partition):
                sink.post(batch)
            self.kept = max(self.kept, number + 1)
        if self.chance.random() < 0.5:  # else the process dies
            book.close()

    def step_left(self) -> int | None:
        """Return the number of commits in the book; -1 without a book; None if the book is wrong."""
        try:
            if not books.exists(self.left):
                return -1
            vector = self.log.assert_true(self.left)
        except (AssertionError, BookDamaged, sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        return next((n for n in range(len(self.log.batches) + 1) if self.log.after(n) == vector), None)


@pytest.fixture
def vfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[DiskVFS]:
    """Yield the disk in memory on which the book is."""
    with mounted(monkeypatch, wal=True) as vfs:
        monkeypatch.setattr(connection, "rewrite", lambda file: vfs.disk.rewrite(file.name))
        yield vfs


def post_and_cut(cuts: Cuts, vfs: DiskVFS, again: int = 3) -> None:
    """Run once from an empty disk, then repeatedly from what a cut left."""
    image: Image = {}
    for _ in range(again + 1):
        disk = Disk(image)
        disk.watch = lambda: cuts.perhaps(disk)  # noqa: B023
        cuts.post(vfs, disk)
        assert cuts.judge(disk.seen()) == "right"
        assert cuts.kept == len(cuts.log.batches)
        image, cuts.kept = cuts.image, cuts.image_kept


def test_a_power_cut_loses_no_commit(vfs: DiskVFS, tmp_path: Path, fault: Fault) -> None:
    """Power cut: unsynced sectors lost, torn, garbled, reordered; files not yet in their directory gone"""
    ended: Counter[str] = Counter()
    for _ in range(fault.rounds):
        cuts = Cuts(fault.chance, tmp_path, 0.4)
        post_and_cut(cuts, vfs)
        ended += cuts.ended
    assert ended.keys() == {"right"}, ended
    fault.ended("nothing acknowledged lost, nothing half; then right and balanced", ended["right"])


def test_a_power_cut_after_a_failed_sync_loses_no_commit(vfs: DiskVFS, tmp_path: Path, fault: Fault) -> None:
    """fsync fails, the system drops the failed writes, the worker restarts, then the power is cut"""
    ended: Counter[str] = Counter()
    stopped = 0
    for _ in range(2 * fault.rounds):
        cuts = Cuts(fault.chance, tmp_path, 0.2)
        disk = Disk()
        disk.chance, disk.failing_syncs = fault.chance, set(fault.chance.sample(range(4, 40), 3))
        disk.watch = lambda: cuts.perhaps(disk)  # noqa: B023
        while cuts.kept < len(cuts.log.batches):
            try:
                cuts.post(vfs, disk)  # by a new process, from the files that it sees
            except apsw.IOError:
                stopped += 1
        disk.failing_syncs.clear()  # the fixture closes its processes after the test
        assert cuts.kept == len(cuts.log.batches)
        assert cuts.judge(disk.seen()) == cuts.judge(disk.after_a_cut(fault.chance)) == "right"
        ended += cuts.ended
    assert ended.keys() == {"right"}, ended
    assert stopped
    fault.ended(f"stopped {stopped} times; then nothing acknowledged lost, right and balanced", ended["right"])


@pytest.mark.parametrize(("synchronous", "finding"), [("NORMAL", "lost"), ("OFF", "half")])
def test_the_same_cuts_find_a_weaker_synchronous_mode(
    vfs: DiskVFS, tmp_path: Path, synchronous: str, finding: str
) -> None:
    vfs.instead[FULL] = f"PRAGMA synchronous = {synchronous}"
    cuts = Cuts(Random(1), tmp_path, 0.3)
    disk = Disk()
    disk.watch = lambda: None if cuts.ended[finding] else cuts.perhaps(disk)
    cuts.post(vfs, disk)
    assert cuts.ended[finding] > 0, cuts.ended
