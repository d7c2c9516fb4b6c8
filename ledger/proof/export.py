"""Export of all trees at the last checkpoint as static files, which any web server can serve (C2SP tlog-tiles).

    DIR/checkpoint, DIR/tile/...                    the master log: an entry is a statement
    DIR/figures                                     the entries of the view of the last statement, an empty line between
    DIR/vN/TOPIC/PARTITION/checkpoint, .../tile/... the tree of a partition by fold version N: an entry is a leaf

A file is written under a temporary name and then renamed; the checkpoints are written last. So an export that was
interrupted is continued, and a reader never sees a checkpoint without its tiles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from ledger.book.book import Book
from ledger.book.connection import transaction, translated_errors
from ledger.book.errors import BookDamaged
from ledger.book.trees import leaves_of, tile_of, tree_of
from ledger.durable import locked
from ledger.merkle.hashes import HASH_BYTES, leaf_hashes
from ledger.merkle.tiles import WIDTH, TileCoordinates, bundle, bundle_path, coordinates_of, tile_path, unbundle
from ledger.merkle.tree import ReadTile, TileTooShort, Tree
from ledger.posting.leaf import ENTRY_BYTES, Leaf
from ledger.proof.audit_file import AuditFile, SignedStatement
from ledger.proof.errors import BookBehindCheckpoint, ExportDiffers, HistoryRewritten, NotExported
from ledger.proof.note import parsed
from ledger.proof.statement import PartitionHead
from schemas.topics import TOPICS

_BUNDLE_BYTES = WIDTH * (2 + ENTRY_BYTES)
FIGURES = "figures"
CHECKPOINT = "checkpoint"


class Exported(NamedTuple):
    """The result of an export: the checkpoint, and the number of files that were new."""

    note: str
    written: int


def export(book: Path, audit: Path, directory: Path) -> Exported:
    """Write the trees of the last checkpoint to a directory, which may have those of an earlier one.

    Raise NoCheckpoint, AuditFileDamaged, NotExported, ExportDiffers, HistoryRewritten, BookBehindCheckpoint, and the
    errors of Book.
    """
    with AuditFile(audit) as file, Book(book) as read, _alone(directory):
        last, figures = file.signed_figures()
        writing = _Writing(directory)
        with translated_errors(book), transaction(read.connection, "DEFERRED"):
            for part in last.statement.partitions:
                _export_partition(read, writing.below(part.tree), part)
        _export_master(file, writing, last)
        writing.put(FIGURES, b"\n".join(entry for _, entry in figures), replace=True)
        os.sync()  # the checkpoints name what is on the disk
        for part in last.statement.partitions:
            writing.below(part.tree).put(CHECKPOINT, file.head_note(part.tree, part.head).encode(), replace=True)
        writing.put(CHECKPOINT, last.note.encode(), replace=True)
    return Exported(last.note, writing.written)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Run a block while no other export writes to the directory."""
    with ExitStack() as stack:
        with _faults(directory):
            directory.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(directory))
        yield


class _Writing:
    """Writes files below a directory."""

    def __init__(self, directory: Path, count: list[int] | None = None) -> None:
        self.directory = directory
        self._count = [0] if count is None else count

    @property
    def written(self) -> int:
        """The number of files that were written."""
        return self._count[0]

    def below(self, path: str) -> _Writing:
        """Return the same for a directory below this one."""
        return _Writing(self.directory / path, self._count)

    def has(self, path: str, size: int) -> bool:
        """Return whether there is a file of this size."""
        try:
            return (self.directory / path).stat().st_size == size
        except OSError:
            return False

    def put(self, path: str, content: bytes, *, replace: bool = False) -> None:
        """Write a file, unless it has this content. Raise NotExported; ExportDiffers if it has another."""
        target = self.directory / path
        with _faults(target):
            known = target.read_bytes() if target.exists() else None
            if known == content:
                return
            if known is not None and not replace:
                raise ExportDiffers(path=target)
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.partial")
            draft.write_bytes(content)
            draft.rename(target)
        self._count[0] += 1

    def drop_partial(self, path: str) -> None:
        """Delete the partial forms of a file that is there in full."""
        parts = self.directory / f"{path}.p"
        if parts.is_dir():
            with _faults(parts):
                rmtree(parts)


def _export_partition(book: Book, writing: _Writing, part: PartitionHead) -> None:
    tree = tree_of(book, part.topic, part.partition)
    where = {"topic": part.topic, "partition": part.partition}
    if tree.size < part.head.size:
        raise BookBehindCheckpoint(**where, known=f"{part.head.size} records", found=f"{tree.size} records")
    root = _root(tree, part.head.size)
    if root != part.head.root:
        raise HistoryRewritten(**where, size=part.head.size, known=part.head.root.hex(), found=root.hex())
    _require_same_before(writing, tree)
    numbers = (TOPICS[part.topic].number, part.partition)
    for tile in coordinates_of(part.head.size):
        _put_tile(writing, tile, partial(tile_of, book.connection, numbers))
    for tile, leaves in _bundles(book, writing, part):
        entries = [leaf.entry() for leaf in leaves]
        hashes = tile_of(book.connection, numbers, 0, tile.number)[: tile.width * HASH_BYTES]
        if b"".join(leaf_hashes(entries)) != hashes:
            reason = f"the journal of {part.topic}:{part.partition} is not the one that its tree was made of"
            raise BookDamaged(path=book.path, reason=reason)
        _put_bundle(writing, tile, entries)


def _bundles(book: Book, writing: _Writing, part: PartitionHead) -> Iterator[tuple[TileCoordinates, list[Leaf]]]:
    """Yield the leaves of each bundle that is not there yet."""
    full, rest = divmod(part.head.size, WIDTH)
    done = next((n for n in range(full) if not writing.has(bundle_path(TileCoordinates(0, n)), _BUNDLE_BYTES)), full)
    start = 0
    if done:
        before = unbundle((writing.directory / bundle_path(TileCoordinates(0, done - 1))).read_bytes())
        start = Leaf.parse(before[-1]).offset + 1
    leaves = leaves_of(book, part.topic, part.partition, start)
    for number in range(done, full):
        yield TileCoordinates(0, number), list(islice(leaves, WIDTH))
    if rest:
        yield TileCoordinates(0, full, rest), list(islice(leaves, rest))


def _export_master(file: AuditFile, writing: _Writing, last: SignedStatement) -> None:
    size = last.number + 1
    tree = file.tree(size)
    _require_same_before(writing, tree)
    for tile in coordinates_of(size):
        _put_tile(writing, tile, file.tile)
        if tile.level == 0:
            start = tile.number * WIDTH
            _put_bundle(writing, tile, file.entries(start, start + tile.width))


def _put_tile(writing: _Writing, tile: TileCoordinates, read: ReadTile) -> None:
    path = tile_path(tile)
    if tile.width < WIDTH or not writing.has(path, WIDTH * HASH_BYTES):
        writing.put(path, read(tile.level, tile.number)[: tile.width * HASH_BYTES])
    if tile.width == WIDTH:
        writing.drop_partial(path)


def _put_bundle(writing: _Writing, tile: TileCoordinates, entries: Sequence[bytes]) -> None:
    writing.put(bundle_path(tile), bundle(entries))
    if tile.width == WIDTH:
        writing.drop_partial(bundle_path(tile))


def _require_same_before(writing: _Writing, tree: Tree) -> None:
    """Raise ExportDiffers if the directory has a checkpoint that is not of the beginning of this tree."""
    path = writing.directory / CHECKPOINT
    with _faults(path):
        known = path.read_bytes() if path.exists() else None
    if known is None:
        return
    head = parsed(known, path).head
    if head.size > tree.size or _root(tree, head.size) != head.root:
        raise ExportDiffers(path=path)


def _root(tree: Tree, size: int) -> bytes:
    try:
        return tree.root(size)
    except TileTooShort:
        return b""


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotExported(path=path, reason=error.strerror) from error
