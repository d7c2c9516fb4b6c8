"""Hashes and proofs of RFC 6962 and RFC 9162, section 2.1: of leaves, nodes and lists, inclusion, consistency."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY: Final = sha256(b"").digest()
"""The root of the empty tree."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """Return the hashes of leaves, in one pass."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def perfect_root(hashes: bytes) -> bytes:
    """Return the root of a perfect tree over concatenated hashes, whose number is a power of two."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest() for at in pairs])
    return hashes


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes."""
    level = list(hashes)
    while len(level) > 1:
        above = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = above + level[len(above) * 2 :]  # the last one of an odd number moves up as it is
    return level[0] if level else EMPTY


def below(count: int) -> int:
    """Return the largest power of two that is smaller than a number above 1: where RFC 6962 splits a list."""
    return 1 << (count - 1).bit_length() - 1


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root to which an inclusion proof leads (RFC 9162, 2.1.3.2); None if it has another form."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(one, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, one)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Return True if a consistency proof shows that the tree of `size` leaves begins with the `old` leaves of the
    other (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in (0, size):
        return not proof and (old_root == root if old == size else old_root == EMPTY)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and (first, second) == (old_root, root)
