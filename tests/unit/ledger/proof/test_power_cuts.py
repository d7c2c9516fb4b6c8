"""Power cuts at every write, sync and delete of the file of checkpoints: nothing is signed that a cut can take back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pysqlite3 as sqlite3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.book.connection import table_names
from ledger.merkle.hashes import is_consistent
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import AuditFileDamaged, CheckpointUnfinished, NoCheckpoint
from ledger.proof.note import Signer
from ledger.proof.signing import sign
from tests.acceptance.cuts import PowerCuts
from tests.acceptance.fault import Fault
from tests.acceptance.power import Disk, DiskVFS, Image, mounted
from tests.unit.ledger.proof.conftest import NAME, Ledger

pytestmark = pytest.mark.slow

CHECKPOINTS = 4
EXTRA = "PRAGMA synchronous = EXTRA"
Content = list[tuple[str, list[Any]]]
"""The rows of each table of a file of checkpoints."""


class WatchedKey(Signer):
    """A key that reports each signature before it makes it."""

    def __init__(self, watch: Callable[[], None]) -> None:
        super().__init__(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
        self._watch = watch

    def line(self, text: str, seconds: int = 0) -> str:
        """Return the signature line of a text."""
        self._watch()
        return super().line(text, seconds)


class Cuts(PowerCuts):
    """Makes checkpoints of a growing book on a disk.

    `steps` are the contents of the file in a run without a cut: empty, then after each statement and after its notes. A
    step must be kept once it was reported, or something was signed because of it.
    """

    def __init__(self, ledger: Ledger, chance: Random, share: float) -> None:
        super().__init__(ledger.path.with_name("book.db.audit"), chance, share, kept=0)
        self.books = list(_copies(ledger))
        self.steps = list(_steps(self.books, ledger.path.with_name("whole")))

    def make(self, vfs: DiskVFS, disk: Disk) -> None:
        """Make the checkpoints that the file on the disk may lack."""
        vfs.disk = disk
        for number in range(self.kept // 2, CHECKPOINTS):
            stated = 2 * number + 1
            sign(self.books[number], self.file, [WatchedKey(lambda: self.keep(stated))])  # noqa: B023
            self.keep(stated + 1)

    def keep(self, step: int) -> None:
        """Demand this step of every disk from now on."""
        self.kept = max(self.kept, step)

    def step_left(self) -> int | None:
        """Return the step whose content a reader finds in the file; None if it is wrong."""
        try:
            with AuditFile(self.left) as file:
                assert file.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                return self.steps.index(_content(file))
        except NoCheckpoint:
            return 0
        except (AssertionError, AuditFileDamaged, sqlite3.DatabaseError, ValueError):
            return None


def _copies(ledger: Ledger) -> Iterator[Path]:
    """Yield copies of a book as it grows, one for each checkpoint."""
    for number in range(CHECKPOINTS):
        ledger.grow(20 * number, 20 * number + 20)
        yield Path(shutil.copy(ledger.path, ledger.path.with_name(f"{number}.db")))


def _steps(books: Iterable[Path], path: Path) -> Iterator[Content]:
    """Yield the content of a file of checkpoints that no cut hits: empty, then after each statement and its notes.

    Signatures of Ed25519 are deterministic, so every run ends in this content.
    """
    with AuditFile(path, writable=True) as file:
        yield _content(file)
    for book in books:
        stated: list[Content] = []
        sign(book, path, [WatchedKey(lambda: stated.append(_read(path)))])  # noqa: B023
        yield stated[0]
        yield _read(path)
    with AuditFile(path) as file:
        tree = file.tree()
        for size in range(1, CHECKPOINTS):
            assert is_consistent(size, tree.root(size), *tree.head(), tree.consistency(size))


def _read(path: Path) -> Content:
    with AuditFile(path) as file:
        return _content(file)


def _content(file: AuditFile) -> Content:
    names = table_names(file.connection)
    return [(name, file.connection.execute(f"SELECT * FROM {name}").fetchall()) for name in names]


@pytest.fixture
def vfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[DiskVFS]:
    """Yield the disk in memory on which the file of checkpoints is."""
    with mounted(monkeypatch, wal=False) as vfs:
        yield vfs


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return an empty ledger."""
    return Ledger(tmp_path / "book.db")


def test_a_power_cut_takes_back_nothing_that_was_signed(ledger: Ledger, vfs: DiskVFS, fault: Fault) -> None:
    """Power cut under the signer of checkpoints, at any write, sync and delete of their file"""
    cuts = Cuts(ledger, fault.chance, 0.4)
    for _ in range(fault.rounds):
        image: Image = {}
        cuts.kept = 0
        for _ in range(4):  # once from an empty disk, then from what a cut left
            disk = Disk(image)
            disk.watch = lambda: cuts.perhaps(disk)  # noqa: B023
            cuts.make(vfs, disk)
            assert cuts.judge(disk.seen()) == "right"
            image, cuts.kept = cuts.image, cuts.image_kept
    assert cuts.ended.keys() == {"right"}, cuts.ended
    fault.ended("nothing signed is lost, nothing half-written; the next checkpoint continues", cuts.ended["right"])


def test_a_reader_without_the_right_to_write_gets_a_named_error(
    signed: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, left = _read(signed.audit), tmp_path / "left.audit"
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute("PRAGMA cache_size = 1")  # changes reach the disk before the commit
        with file.written():
            file.forget_figures()
            shutil.copy(f"{signed.audit}-journal", f"{left}-journal")
            shutil.copy(signed.audit, left)
    with monkeypatch.context() as readonly:
        connect = AuditFile._connect
        readonly.setattr(AuditFile, "_connect", lambda file, mode: connect(file, "ro"))
        with pytest.raises(CheckpointUnfinished):
            _read(left)
    assert _read(left) == before


@pytest.mark.parametrize(("synchronous", "finding"), [("FULL", "lost"), ("OFF", "half")])
def test_the_same_cuts_find_a_weaker_synchronous_mode(
    ledger: Ledger, vfs: DiskVFS, synchronous: str, finding: str
) -> None:
    vfs.instead[EXTRA] = f"PRAGMA synchronous = {synchronous}"
    cuts = Cuts(ledger, Random(1), 0.4)
    disk = Disk()
    disk.watch = lambda: cuts.perhaps(disk)
    cuts.make(vfs, disk)
    assert cuts.ended[finding] > 0, cuts.ended
