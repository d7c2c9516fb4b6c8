"""The leaf of a record in its partition's Merkle tree: an entry of 88 bytes (docs/audit-log.md).

Every record is one leaf, and so is a record batch that cannot be read. An offset without a record (a gap) has none: so
the index of a leaf is not its offset, which the entry holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from struct import Struct
from typing import Final, NamedTuple

from ledger.merkle.tiles import Edge, Tile, append

VERSION: Final = 1
_ENTRY = Struct(">BBBBIQq32s32s")
_HASHED = Struct(">xBBBBIQq32s32s")
"""An entry after a byte of 0, as RFC 6962 hashes it."""
ENTRY_BYTES: Final = _ENTRY.size
NO_BYTES: Final = sha256(b"").digest()
"""The hash of an empty key or value, and of one that is not there."""


class Leaf(NamedTuple):
    """The fields of an entry, after its version. has_key, has_value: 1 if the record has them, even if they are empty.
    offsets: 1, or the number of offsets of a batch that cannot be read."""

    outcome: int
    has_key: int
    has_value: int
    offsets: int
    offset: int
    timestamp: int
    key_hash: bytes
    value_hash: bytes

    @classmethod
    def parse(cls, entry: bytes) -> Leaf:
        """Return the fields of an entry. Raise ValueError."""
        if len(entry) != ENTRY_BYTES or entry[0] != VERSION:
            raise ValueError("an entry has another length or version")
        return cls(*_ENTRY.unpack(entry)[1:])

    def entry(self) -> bytes:
        """Return the entry."""
        return _ENTRY.pack(VERSION, *self)


def key_hash(key: bytes | None) -> bytes:
    """Return the SHA-256 of a key, or of nothing."""
    return sha256(key).digest() if key else NO_BYTES


class Grown(NamedTuple):
    """A tree after a batch: its number of leaves, and the tiles that the batch changes or adds."""

    size: int
    tiles: list[Tile]


def grown(edge: Edge, leaves: Sequence[Iterable[int | bytes]]) -> Grown:
    """Return the changes of a tree by these leaves, each with the fields of `Leaf`."""
    pack = _HASHED.pack
    hashes = [sha256(pack(VERSION, *fields)).digest() for fields in leaves]
    return Grown(edge.size + len(hashes), append(edge, hashes))
