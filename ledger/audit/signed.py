"""Check a book against itself: its journal against its trees, and its trees against everything that was signed.

It needs no log. So it also checks a book whose log is partly lost.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.audit.diff import Difference
from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.trees import leaves_of, tile_of, tree_of, written_entry
from ledger.book.verified import VerifiedHead
from ledger.merkle.hashes import HASH_BYTES, leaf_hashes, root_of
from ledger.merkle.tiles import TILE_BYTES, WIDTH, Edge, Tile, append, coordinates_of, grown_edge
from ledger.merkle.tree import Head, TileTooShort, Tree
from ledger.proof.audit_file import MASTER, AuditFile
from ledger.proof.errors import AuditFileDamaged, BadNote
from ledger.proof.note import Verifier, opened_note, parsed
from ledger.proof.statement import PartitionHead, Statement
from ledger.proof.view import grow_figures
from schemas.errors import LedgerError
from schemas.topics import TOPICS, TopicPartition

_AT_ONCE = 64 * WIDTH
"""Leaves in memory at once."""
_LOOKS, _SIGNING_SECONDS = 3, 0.1
"""A signer takes less than this from a statement to its heads. If they are still missing, they are lost."""


def differences_inside(
    book: Book,
    held: Collection[TopicPartition],
    audit: Path,
    directory: Path,
    keys: Sequence[Verifier],
    *,
    sample: bool,
) -> list[Difference]:
    """Return the first difference of journal and trees, and, unless these partitions are a `sample`, the first of the
    book and the file of checkpoints."""
    with translated_errors(book.path):
        found = first_leaf_difference(
            book, [topic_partition for topic_partition in held if topic_partition[0] in TOPICS]
        )
        return found if sample else found + first_checkpoint_difference(book, audit, directory, keys)


def copied_audit(audit: Path, directory: Path) -> Path:
    """Return a copy of the file of checkpoints, which no signer changes, and not newer than a later snapshot of the
    book. Return the file itself if it cannot be copied: `differences_inside` says why."""
    copied = directory / audit.name
    try:
        for _ in range(_LOOKS):
            copied.unlink(missing_ok=True)
            with AuditFile(audit) as file:
                file.copy_to(copied)
            with AuditFile(copied) as file:
                if not file.unsigned():
                    break
            time.sleep(_SIGNING_SECONDS)
    except LedgerError:
        return audit
    return copied


def first_leaf_difference(book: Book, held: Collection[TopicPartition]) -> list[Difference]:
    """Return the first leaf of the journal that is not in the tree of its partition, or the first wrong tile."""
    for topic, partition in sorted(held):
        for difference in _wrong_tiles(book, topic, partition):
            return [difference]
    return []


def _wrong_tiles(book: Book, topic: str, partition: int) -> Iterator[Difference]:
    where = {"topic": topic, "partition": partition}
    numbers = (TOPICS[topic].number, partition)
    leaves = leaves_of(book, topic, partition)
    edge = Edge()
    newest: dict[int, Tile] = {}
    while taken := list(islice(leaves, _AT_ONCE)):
        changed = append(edge, leaf_hashes([written_entry(leaf) for leaf in taken]))
        for tile in changed:
            newest[tile.level] = tile
            if len(tile.hashes) == TILE_BYTES or tile.level == 0:
                offsets = {edge.size + number: leaf.offset for number, leaf in enumerate(taken)}
                yield from _wrong(where, tile, tile_of(book.connection, numbers, tile.level, tile.number), offsets)
        edge = grown_edge(edge, len(taken), changed)
    for tile in newest.values():
        yield from _wrong(where, tile, tile_of(book.connection, numbers, tile.level, tile.number), {})
    known = {(one.level, one.number) for one in coordinates_of(edge.size)}
    stored = set(book.connection.execute("SELECT level, number FROM tile WHERE topic = ? AND partition = ?", numbers))
    for level, number in sorted(stored - known):
        yield Difference("leaf", where | {"level": level, "tile": number}, None, {"level": level, "tile": number})
    size = tree_of(book, topic, partition).size
    if size != edge.size:
        yield Difference("leaf", where, {"leaves": edge.size}, {"leaves": size})


def _wrong(where: dict[str, Any], tile: Tile, stored: bytes, offsets: dict[int, int]) -> Iterator[Difference]:
    """Yield the first hash of the journal's tile that is not in the stored one; `offsets` by index of the leaf."""
    if stored == tile.hashes:
        return
    for at in range(0, max(len(stored), len(tile.hashes)), HASH_BYTES):
        journal, tree = tile.hashes[at : at + HASH_BYTES], stored[at : at + HASH_BYTES]
        if journal != tree:
            index = tile.number * WIDTH + at // HASH_BYTES
            key = where | {"level": tile.level, "index": index}
            if tile.level == 0 and index in offsets:
                key["offset"] = offsets[index]
            yield Difference("leaf", key, {"hash": journal.hex()}, {"hash": tree.hex()})
            return


# ---- checkpoints


def first_checkpoint_difference(
    book: Book, audit: Path, directory: Path, keys: Sequence[Verifier] = ()
) -> list[Difference]:
    """Return the first line in the file of checkpoints that is not true of the book; `directory` is for a draft. With
    keys, one of them must have signed each checkpoint. A book without such a file has nothing to check."""
    if not audit.is_file():
        return []
    try:
        with AuditFile(audit) as file:
            file.require_sound()
            for what, signed, found in _checkpoints(book, file, directory, keys):
                if signed != found:
                    return [Difference("checkpoint", {"what": what}, {"found": found}, {"signed": signed})]
    except (AuditFileDamaged, BadNote, ValueError) as error:
        return [Difference("checkpoint", {"what": audit.name}, {"found": str(error)}, None)]
    return []


def unsigned_statement(audit: Path) -> int | None:
    """Return the number of the last statement if its signer was ended before it signed. A file that is damaged has
    none: `first_checkpoint_difference` says what is wrong with it."""
    if not audit.is_file():
        return None
    try:
        with AuditFile(audit) as file:
            return file.left_unsigned()
    except (LedgerError, ValueError):
        return None


def last_statement(book: Book, audit: Path, heads: Collection[VerifiedHead]) -> tuple[int | None, Difference | None]:
    """Return the number of the last statement within a position, None if there is none, and the first of its trees that
    is not in the book. Raise AuditFileDamaged."""
    reached = {(head.topic, head.partition): head.next for head in heads}
    if not audit.is_file():
        return None, None
    with AuditFile(audit) as file:
        for number in reversed(range(file.size())):
            try:
                statement = Statement.parse(file.entries(number, number + 1)[0])
            except ValueError as error:
                raise AuditFileDamaged(path=audit, reason=error) from error
            if statement.fold_version != book.fold_version:
                return None, None
            if all(one.next <= reached.get(one.topic_partition, 0) for one in statement.partitions):
                found = (_wrong_head(book, number, one) for one in statement.partitions)
                return number, next(filter(None, found), None)
    return None, None


def _wrong_head(book: Book, number: int, one: PartitionHead) -> Difference | None:
    signed, found = one.head.root.hex(), _root(tree_of(book, *one.topic_partition), one.head.size)
    what = f"statement {number}, {one.tree}, {one.head.size} leaves"
    return None if signed == found else Difference("checkpoint", {"what": what}, {"found": found}, {"signed": signed})


def _checkpoints(
    book: Book, file: AuditFile, directory: Path, keys: Sequence[Verifier]
) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each check, the signed value and the value found."""
    entries = file.entries(0, file.size())
    master = Tree(len(entries), file.tile)
    yield "the tree of the master log", root_of(leaf_hashes(entries)).hex(), _root(master, len(entries))
    statements = [Statement.parse(entry) for entry in entries]
    yield from _heads(file, master, statements, keys)
    yield "the number of statements", str(file.size()), str(len(entries))
    tiles = {(level, number): hashes.hex() for level, number, hashes in append(Edge(), leaf_hashes(entries))}
    kept = {(level, number): hashes.hex() for level, number, hashes in file.tiles()}
    for coordinates in sorted({*kept, *tiles}):
        yield f"the tile {coordinates} of the master log", kept.get(coordinates, ""), tiles.get(coordinates, "")
    trees: dict[TopicPartition, Tree] = {}
    for number, statement in enumerate(statements):
        if statement.fold_version != book.fold_version:
            continue
        for one in statement.partitions:
            tree = trees.setdefault(one.topic_partition, tree_of(book, *one.topic_partition))
            where = f"statement {number}, {one.tree}, {one.head.size} leaves"
            yield where, one.head.root.hex(), _root(tree, one.head.size)
    last = file.last()
    if last and last.statement.fold_version == book.fold_version:
        yield from _view(book, file, last.statement, directory)


def _heads(
    file: AuditFile, master: Tree, statements: Sequence[Statement], keys: Sequence[Verifier]
) -> Iterator[tuple[str, str, str]]:
    """Yield name, size and root of each signed head, and what was stated."""
    stated = {(one.tree, one.head.size): one.head.root.hex() for part in statements for one in part.partitions}
    log = file.name()
    for name, size, note in file.notes():
        where = name or "the master log"
        signed = opened_note(note.encode(), keys, where) if keys else parsed(note.encode(), file.path)
        yield f"the size of a signed head of {where}", str(size), str(signed.head.size)
        yield f"the name in a signed head of {where}", signed.origin, f"{log}/{name}" if name else str(log)
        if name == MASTER:
            yield f"the head of {size} statements", signed.head.root.hex(), _root(master, size)
        else:
            yield f"the signed head of {where}", signed.head.root.hex(), stated.get((name, size), "not stated")
    kept = {(name, size) for name, size, _ in file.notes()}
    unsigned = file.left_unsigned()
    for number, statement in enumerate(statements):
        if number == unsigned:
            continue
        heads = [(MASTER, number + 1), *((one.tree, one.head.size) for one in statement.partitions)]
        missing = [name or "the master log" for name, size in heads if (name, size) not in kept]
        yield f"the heads that were signed with statement {number}", "[]", str(missing)


def _view(book: Book, file: AuditFile, last: Statement, directory: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each figure as it was stated, and as the postings make it."""
    kept = dict(file.figures())
    view = Head(len(kept), root_of(leaf_hashes(list(kept.values()))))
    yield "the view", last.view.root.hex(), view.root.hex()
    with AuditFile(directory / "figures", writable=True) as draft:
        with draft.written():
            grow_figures(book, draft, {one.topic_partition: (one.first, one.next) for one in last.partitions})
        again, grown = dict(draft.figures()), draft.growth()
    for key in sorted({*kept, *again}):
        yield key.text, kept.get(key, b"").decode(), again.get(key, b"").decode()
    growth = file.growth()
    for key in sorted({*growth, *grown}):
        yield f"the sums and trees of the figure {tuple(key)}", growth.get(key, ""), grown.get(key, "")


def _root(tree: Tree, size: int) -> str:
    if size > tree.size:
        return f"only {tree.size} leaves"
    try:
        return tree.root(size).hex()
    except TileTooShort as error:
        return str(error)
