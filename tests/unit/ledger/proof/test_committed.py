"""A witness compares every file of an export with what the checkpoint commits to, and refuses each change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.merkle.tiles import WIDTH
from ledger.proof.errors import BadNote, LogUnreadable, NotAsSigned
from ledger.proof.export import export
from ledger.proof.published import Published
from ledger.proof.witness import witness
from tests.acceptance.fault import Fault
from tests.each_case import each_case
from tests.unit.ledger.proof.conftest import Ledger

pytestmark = pytest.mark.slow

TREE = "v7/ip.patent.v1/1"
Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a ledger with two checkpoints and an export, whose witness saw the first one."""
    ledger = Ledger(tmp_path_factory.mktemp("exported") / "book.db")
    ledger.grow(0, 100)
    ledger.repeat(TREE_PARTITION, 2 * WIDTH)
    ledger.sign()
    look(ledger, written(ledger))
    ledger.grow(100, 150)
    ledger.sign()
    written(ledger)
    return ledger


TREE_PARTITION = ("ip.patent.v1", 1)


def written(ledger: Ledger) -> Path:
    """Export to one directory, and return it."""
    directory = ledger.path.with_name("export")
    export(ledger.path, ledger.audit, directory)
    return directory


def look(ledger: Ledger, directory: Path, *, every: bool = False) -> None:
    """Let the witness look at an export."""
    witness(Published(str(directory)), [ledger.public], ledger.path.with_name("seen"), None, every=every)


def newest(directory: Path) -> Path:
    """Return the file of a tile or bundle that is there in its last width."""
    return max(directory.glob("*.p/*"), key=lambda file: int(file.name))


def change(path: Path, before: bytes, after: bytes) -> None:
    """Replace bytes in a file that has them."""
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after, 1))


def flip(path: Path) -> None:
    """Change one bit."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


NEW: list[Damage] = [
    lambda it: change(it / "figures", b"sum corrected", b"sum recorded"),
    lambda it: change(it / "figures", b"\n\nip-ledger", b"\nip-ledger"),
    lambda it: (it / "figures").write_bytes(b""),
    lambda it: (it / "figures").write_bytes((it / "figures").read_bytes() + b"\nip-ledger figure v1\n"),
    lambda it: (it / "figures").write_bytes((it / "figures").read_bytes() + b"\n"),
    lambda it: (it / "figures").unlink(),
    lambda it: shutil.copy(it / "v7/ip.patent.v1/0/checkpoint", it / TREE / "checkpoint"),
    lambda it: shutil.copy(it / "checkpoint", it / TREE / "checkpoint"),
    lambda it: (it / TREE / "checkpoint").unlink(),
    lambda it: flip(it / TREE / "checkpoint"),
    lambda it: flip(newest(it / TREE / "tile/entries")),
    lambda it: flip(newest(it / TREE / "tile/0")),
    lambda it: flip(newest(it / TREE / "tile/1")),
    lambda it: flip(newest(it / "tile/entries")),
    lambda it: newest(it / TREE / "tile/entries").unlink(),
]
"""Changes of what is new or replaced at each export."""
OLD: list[Damage] = [
    lambda it: flip(it / TREE / "tile/entries/000"),
    lambda it: flip(it / TREE / "tile/0/001"),
    lambda it: (it / TREE / "tile/0/000").unlink(),
    lambda it: (it / TREE / "tile/entries/001").write_bytes(b""),
]
"""Changes of what was compared at an earlier checkpoint."""


@each_case(("number", "damage"), list(enumerate([*NEW, *OLD])))
def test_a_changed_file_is_refused(exported: Ledger, tmp_path: Path, fault: Fault, number: int, damage: Damage) -> None:
    """A file of an export changed, swapped, truncated or deleted"""
    copied = Path(shutil.copytree(exported.path.with_name("export"), tmp_path / str(number)))
    kept = exported.path.with_name("seen").read_bytes()
    damage(copied)
    for every in (False, True) if number < len(NEW) else (True,):
        with pytest.raises((NotAsSigned, BadNote, LogUnreadable)):
            look(exported, copied, every=every)
    assert exported.path.with_name("seen").read_bytes() == kept
    fault.ended("refused by a witness: `NotAsSigned`, `BadNote`, `LogUnreadable`", len(NEW) + len(OLD))
