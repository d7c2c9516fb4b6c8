"""A tree, read from its tiles: its root, the roots of its beginnings, and proofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.merkle.hashes import EMPTY, HASH_BYTES, below, node_hash
from ledger.merkle.tiles import HEIGHT, WIDTH

ReadTile = Callable[[int, int], bytes]
"""(level, number) -> the hashes of a tile, at least those that the tree has."""


class Head(NamedTuple):
    """The head of a tree: its number of leaves, and its root."""

    size: int = 0
    root: bytes = EMPTY


class TileTooShort(ValueError):
    """A tile does not hold the hashes that its tree has."""


class Tree:
    """A tree of `size` leaves. What it reads is kept in memory."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size, self._read = size, read
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}

    def head(self) -> Head:
        """Return size and root."""
        return Head(self.size, self.root())

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree, or of its first `size` leaves."""
        end = self.size if size is None else size
        return self._range(0, end) if end else EMPTY

    def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf."""
        return self._perfect(0, index)

    def inclusion(self, index: int) -> list[bytes]:
        """Return the proof that a leaf is in the tree, from its sibling to the root's child."""
        proof = []
        start, end = 0, self.size
        while end - start > 1:
            middle = start + below(end - start)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the tree begins with its first `old` leaves."""
        if old in (0, self.size):
            return []
        proof = []
        start, end, whole = 0, self.size, True  # whole: the old tree is all of [0, old)
        while old != end:
            middle = start + below(end - start)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start, whole = middle, False
        if not whole:
            proof.append(self._range(start, end))
        return proof[::-1]

    def _range(self, start: int, end: int) -> bytes:
        """Return the hash of the leaves [start, end), which are the whole list or a half of a list that was split."""
        count = end - start
        if not count & (count - 1):
            level = count.bit_length() - 1
            return self._perfect(level, start >> level)
        middle = start + below(count)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def _perfect(self, level: int, index: int) -> bytes:
        """Return the hash of the leaves [index * 2^level, (index + 1) * 2^level)."""
        if level % HEIGHT == 0:
            return self._stored(level // HEIGHT, index)
        node = self._nodes.get((level, index))
        if node is None:
            node = node_hash(self._perfect(level - 1, 2 * index), self._perfect(level - 1, 2 * index + 1))
            self._nodes[level, index] = node
        return node

    def _stored(self, level: int, index: int) -> bytes:
        number, index_in_tile = divmod(index, WIDTH)
        tile = self._tiles.get((level, number))
        if tile is None:
            tile = self._tiles[level, number] = self._read(level, number)
        found = tile[index_in_tile * HASH_BYTES : (index_in_tile + 1) * HASH_BYTES]
        if len(found) != HASH_BYTES:
            raise TileTooShort(f"tile {number} of level {level} has no hash {index_in_tile}")
        return found
