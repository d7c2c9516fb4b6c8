"""An export, read by somebody else: from a directory or from a web server. Nothing in it is trusted."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from ledger.merkle.hashes import leaf_hash
from ledger.merkle.tiles import WIDTH, TileCoordinates, bundle_path, tile_path, unbundle
from ledger.merkle.tree import Head, TileTooShort, Tree
from ledger.proof.errors import BadNote, LogUnreadable
from ledger.proof.export import CHECKPOINT, FIGURES
from ledger.proof.note import Checkpoint, Verifier, opened_note
from ledger.proof.statement import Statement
from streams.files import read_within, regular

_LARGEST = 32 << 20
"""Bytes of the largest file: a bundle of 256 entries of 65,535 bytes fits."""
_LARGEST_VIEW = 256 << 20
"""Bytes of the largest file of figures."""
_SECONDS = 30.0
_WEB = re.compile(r"https?://[^/]+")


class Published:
    """An export in a directory, or at an address that begins with http:// or https://."""

    def __init__(self, source: str) -> None:
        self.source = source.rstrip("/")

    def checkpoint(self, keys: Sequence[Verifier]) -> tuple[str, Checkpoint]:
        """Return the note of the master log, and the checkpoint in it. Raise LogUnreadable, BadNote."""
        note, where = self._read(CHECKPOINT), f"{self.source}/{CHECKPOINT}"
        checkpoint = opened_note(note, keys, where)
        if checkpoint.origin not in {key.name for key in keys}:
            raise BadNote(what=where, reason=f"it is that of the tree {checkpoint.origin}, not of the master log")
        return note.decode(), checkpoint

    def known(self, keys: Sequence[Verifier]) -> Checkpoint | None:
        """Return the checkpoint, None if nothing is published here yet. Raise LogUnreadable, BadNote."""
        try:
            return self.checkpoint(keys)[1]
        except LogUnreadable as error:
            if _is_missing(error.__cause__):
                return None
            raise

    def tree(self, head: Head, below: str = "") -> Tree:
        """Return the tree of a head, after its root was computed from its tiles. Raise LogUnreadable, BadNote."""
        tree = Tree(head.size, lambda level, number: self.tile(below, head.size, level, number))
        try:
            right = tree.root() == head.root
        except TileTooShort:
            right = False
        if not right:
            raise BadNote(what=f"{self.source}/{below}{CHECKPOINT}", reason="the tiles do not have the signed root")
        return tree

    def head(self, keys: Sequence[Verifier], tree: str) -> Checkpoint:
        """Return the signed head of a partition's tree. Raise LogUnreadable, BadNote."""
        path = f"{tree}/{CHECKPOINT}"
        return opened_note(self._read(path), keys, f"{self.source}/{path}")

    def statement(self, tree: Tree, number: int) -> Statement:
        """Return a statement of the master log. Raise LogUnreadable, BadNote."""
        where = f"statement {number} of {self.source}"
        bundle, index = divmod(number, WIDTH)
        entry = self.entries("", tree.size, bundle)[index]
        if leaf_hash(entry) != tree.leaf(number):
            raise BadNote(what=where, reason="it is not the one in the tree")
        try:
            return Statement.parse(entry)
        except ValueError as error:
            raise BadNote(what=where, reason=error) from error

    def entries(self, below: str, size: int, number: int) -> list[bytes]:
        """Return the entries of a bundle of a tree with `size` leaves. Raise LogUnreadable, BadNote."""
        width = min(WIDTH, size - number * WIDTH)
        path = below + bundle_path(TileCoordinates(0, number, width))
        try:
            found = unbundle(self._read(path, below + bundle_path(TileCoordinates(0, number))))
            if len(found) not in (width, WIDTH):
                raise ValueError(f"it has {len(found)} entries")
        except ValueError as error:
            raise BadNote(what=f"{self.source}/{path}", reason=error) from error
        return found[:width]

    def figures(self) -> list[bytes]:
        """Return the entries of the view at the last statement. Raise LogUnreadable."""
        content = self._read(FIGURES, largest=_LARGEST_VIEW)
        parts = content.split(b"\n\n") if content else []
        return [*(part + b"\n" for part in parts[:-1]), *parts[-1:]]

    def tile(self, below: str, size: int, level: int, number: int) -> bytes:
        """Return a tile of a tree with `size` leaves. Raise LogUnreadable."""
        held = size // WIDTH**level
        full = TileCoordinates(level, number)
        width = min(WIDTH, held - number * WIDTH)
        return self._read(below + tile_path(TileCoordinates(level, number, width)), below + tile_path(full))

    def _read(self, path: str, instead: str | None = None, largest: int = _LARGEST) -> bytes:
        """Return a file, or another one if there is none: a partial tile may be replaced by the full one."""
        try:
            if not _WEB.match(self.source):
                return regular(Path(self.source, path), largest)
            with urllib.request.urlopen(f"{self.source}/{path}", timeout=_SECONDS) as answer:  # noqa: S310 - http(s)
                return read_within(answer, largest)
        except (OSError, ValueError) as error:
            if _is_missing(error) and instead not in (None, path):
                return self._read(instead)
            raise LogUnreadable(path=f"{self.source}/{path}", reason=error) from error


def _is_missing(error: BaseException | None) -> bool:
    return isinstance(error, FileNotFoundError) or getattr(error, "code", 0) == 404
