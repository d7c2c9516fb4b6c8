"""Exports: static files of every tree, the same from any book, refused after any change; judged by Tessera's fsck."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.book.errors import BookDamaged
from ledger.merkle.hashes import leaf_hashes, root_of
from ledger.merkle.tiles import WIDTH, TileCoordinates, bundle_path, coordinates_of, tile_path, unbundle
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import BookBehindCheckpoint, ExportDiffers, HistoryRewritten, NoCheckpoint
from ledger.proof.export import Exported, export
from ledger.proof.note import opened_note
from ledger.proof.signing import sign
from tests.unit.ledger.proof.conftest import NAME, Ledger

pytestmark = pytest.mark.slow

FSCK = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.3"


def exported(ledger: Ledger, name: str = "export") -> Path:
    """Export to a directory; return it."""
    directory = ledger.path.with_name(name)
    export(ledger.path, ledger.audit, directory)
    return directory


def contents(directory: Path) -> dict[str, bytes]:
    """Return every file."""
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def trees(directory: Path) -> list[Path]:
    """Return the directories of all trees; the first is that of the master log."""
    return sorted(file.parent for file in directory.rglob("checkpoint"))


def test_every_tree_has_its_tiles_and_entries(signed: Ledger) -> None:
    """Read here without the reader of the ledger."""
    directory = exported(signed)
    with AuditFile(signed.audit) as file:
        last = file.last()
    assert last is not None
    heads = {f"{NAME}/{one.tree}": one.head for one in last.statement.partitions}
    for tree in trees(directory):
        checkpoint = opened_note((tree / "checkpoint").read_bytes(), [signed.public], tree)
        size, root = checkpoint.head
        entries = [
            entry
            for tile in coordinates_of(size)
            if tile.level == 0
            for entry in unbundle((tree / bundle_path(tile)).read_bytes())
        ]
        assert len(entries) == size
        assert root_of(leaf_hashes(entries)) == root
        assert b"".join(
            (tree / tile_path(tile)).read_bytes() for tile in coordinates_of(size) if tile.level == 0
        ) == b"".join(leaf_hashes(entries))
        if tree == directory:
            assert entries == [last.entry]
        else:
            assert heads.pop(checkpoint.origin) == checkpoint.head
    assert not heads
    figures = (directory / "figures").read_bytes().split(b"\n\n")
    assert root_of(leaf_hashes([*(entry + b"\n" for entry in figures[:-1]), figures[-1]])) == last.statement.view.root


def test_any_book_of_the_log_exports_the_same_bytes(signed: Ledger) -> None:
    first = contents(exported(signed))
    assert exported(signed) == exported(signed)
    assert contents(exported(signed)) == first
    signed.grow(600, 900)  # a book that is ahead of the checkpoint
    assert contents(exported(signed, "other")) == first


def test_an_export_continues(signed: Ledger) -> None:
    exported(signed)
    for start in (600, 700, 800):
        signed.grow(start, start + 100)
        signed.sign()
        exported(signed)
    found, fresh = contents(exported(signed)), contents(exported(signed, "fresh"))
    assert {path: found[path] for path in fresh} == fresh
    assert all(".p/" in path for path in found.keys() - fresh.keys())
    assert not [path for path in found if "partial" in path]


def test_an_interrupted_export_is_continued(signed: Ledger) -> None:
    whole = contents(exported(signed))
    directory = signed.path.with_name("interrupted")
    for files in range(0, len(whole), 11):
        left = [files]

        def rename(self: Path, target: Path, left: list[int] = left) -> Path:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            os.rename(self, target)
            return target

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Path, "rename", rename)
            with pytest.raises(KeyboardInterrupt):
                export(signed.path, signed.audit, directory)
        assert not (directory / "checkpoint").exists()
        assert exported(signed, "interrupted") == directory
        assert contents(directory) == whole
        shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ('UPDATE record SET timestamp = timestamp + 1 WHERE "offset" = 3', BookDamaged),
        ('UPDATE record SET hash = zeroblob(32) WHERE "offset" = 3', BookDamaged),
        ('UPDATE record SET outcome = 2 WHERE "offset" = 3', BookDamaged),
        ("UPDATE record SET subject = 'other' WHERE \"offset\" = 3", BookDamaged),
        ('DELETE FROM record WHERE "offset" = 3', BookDamaged),
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", HistoryRewritten),
        ("UPDATE position SET leaves = 0", BookBehindCheckpoint),
    ],
)
def test_a_changed_book_is_not_exported(signed: Ledger, damage: str, error: type[Exception]) -> None:
    signed.run(damage)
    with pytest.raises(error):
        exported(signed)
    assert not (signed.path.with_name("export") / "checkpoint").exists()


def test_a_published_history_is_not_replaced(signed: Ledger, tmp_path: Path) -> None:
    directory = exported(signed)
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other" / "book.db")
    other.grow(300, 900)
    other.sign()
    with pytest.raises(ExportDiffers):
        export(other.path, other.audit, directory)
    (tile,) = (directory / "v7" / "ip.patent.v1" / "0" / "tile" / "0").glob("000*")
    partial = next(tile.iterdir())
    partial.write_bytes(bytes(len(partial.read_bytes())))
    with pytest.raises(ExportDiffers):
        exported(signed)


def test_another_fold_version_has_trees_of_its_own(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(exported(signed))
    signed.run("UPDATE tile SET hashes = zeroblob(length(hashes))")
    signed.run("UPDATE meta SET value = '9' WHERE name = 'fold_version'")
    monkeypatch.setattr(Book, "require_own_version", lambda book: None)
    monkeypatch.setattr("ledger.proof.signing.require_new", lambda *compared: None)
    monkeypatch.setattr("ledger.proof.export.leaf_hashes", lambda entries: [bytes(32)] * len(entries))
    sign(signed.path, signed.audit, [signed.signer], other_version=True)
    after = contents(exported(signed))
    assert {path.partition("/")[0] for path in after if "/ip." in path} == {"v7", "v9"}
    assert {path: after[path] for path in before if path.startswith("v7/")} == {
        path: content for path, content in before.items() if path.startswith("v7/")
    }


def test_an_export_needs_a_checkpoint(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "book.db")
    with pytest.raises(NoCheckpoint):
        exported(ledger)


# ---- Tessera's fsck


@pytest.fixture(scope="session")
def fsck(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Path, str], bool]:
    """Return a function that asks Tessera's fsck about a tree: (directory, public key, origin)."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Tessera's fsck did not judge the exports: Go is not installed here")
    target = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GOBIN": str(target)}
    built = subprocess.run([go, "install", FSCK], env=environment, capture_output=True, text=True, check=False)
    if built.returncode:
        pytest.skip(f"Tessera's fsck did not judge the exports: it could not be built: {built.stderr[-300:]}")
    program = str(target / "fsck")

    def judge(tree: Path, key: Path, origin: str) -> bool:
        command = [
            program,
            "-ui=false",
            "-v=1",
            f"-storage_url=file://{tree}",
            f"-public_key={key}",
            f"-origin={origin}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        good, bad = "Successfully fsck'd log" in done.stderr, "fsck failed" in done.stderr or done.returncode != 0
        assert good != bad, done.stderr
        return good

    return judge


def origins(directory: Path) -> Iterator[tuple[Path, str]]:
    """Yield each tree of an export with its origin."""
    for tree in trees(directory):
        yield tree, "/".join([NAME, *tree.relative_to(directory).parts])


def test_tessera_accepts_each_export_and_refuses_each_tampered_copy(
    signed: Ledger, fsck: Callable[[Path, Path, str], bool]
) -> None:
    key = signed.key.with_name("key.pub")
    for start in (600, 700, 800):
        signed.grow(start, start + 100)
        signed.sign()
    directory = exported(signed)
    for tree, origin in origins(directory):
        assert fsck(tree, key, origin), origin
    for tree, origin in list(origins(directory))[:3]:
        needed = [
            "checkpoint",
            *map(tile_path, _coordinates(tree)),
            *(bundle_path(one) for one in _coordinates(tree) if not one.level),
        ]
        for name in needed:
            good = (tree / name).read_bytes()
            for bad in (_flipped(good, len(good) // 2), _flipped(good, len(good) - 2), good[:-1]):
                (tree / name).write_bytes(bad)
                assert not fsck(tree, key, origin), (name, len(bad))
            (tree / name).write_bytes(good)
    assert isinstance(export(signed.path, signed.audit, directory), Exported)


def _coordinates(tree: Path) -> list[TileCoordinates]:
    return list(coordinates_of(int((tree / "checkpoint").read_text().splitlines()[1])))


def _flipped(content: bytes, index: int) -> bytes:
    return content[:index] + bytes([content[index] ^ 1]) + content[index + 1 :]


def test_a_full_tile_replaces_the_partial_ones(signed: Ledger) -> None:
    directory = exported(signed)
    assert any(file.parent.name.endswith(".p") for file in directory.rglob("*"))
    for _ in range(WIDTH):
        signed.grow(600, 601)  # the same event again: a duplicate
    signed.sign()
    exported(signed)
    (full,) = [file for file in directory.glob("v7/ip.*/*/tile/0/000") if file.is_file()]
    assert not full.with_name("000.p").exists()
