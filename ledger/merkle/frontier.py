"""The frontier of a tree: enough to append to it and to know its root, not to prove anything about a leaf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from ledger.merkle.hashes import EMPTY, HASH_BYTES, leaf_hashes, node_hash


@dataclass(slots=True)
class Frontier:
    """A tree of `size` leaves: the roots of its perfect subtrees, from left to right."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    @classmethod
    def parse(cls, size: int, roots: bytes) -> Self:
        """Return the frontier of `size` leaves from its concatenated roots. Raise ValueError if they do not fit."""
        if len(roots) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"a frontier of {size} leaves has {size.bit_count()} hashes")
        return cls(size, [roots[at : at + HASH_BYTES] for at in range(0, len(roots), HASH_BYTES)])

    def add(self, entries: Iterable[bytes]) -> None:
        """Append leaves."""
        for leaf in leaf_hashes(list(entries)):
            root, rest = leaf, self.size
            while rest & 1:
                root, rest = node_hash(self.roots.pop(), root), rest >> 1
            self.roots.append(root)
            self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.roots:
            return EMPTY
        *others, root = self.roots
        for left in reversed(others):
            root = node_hash(left, root)
        return root
