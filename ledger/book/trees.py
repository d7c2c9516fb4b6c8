"""The Merkle trees of a book: read from `tile`, and their entries from the journal."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from ledger.book.book import Book
from ledger.merkle.hashes import HASH_BYTES
from ledger.merkle.tiles import Edge, edge_coordinates
from ledger.merkle.tree import Tree
from ledger.posting.leaf import Leaf, key_hash
from schemas.topics import TOPICS

_TILE = "SELECT hashes FROM tile WHERE topic = ? AND partition = ? AND level = ? AND number = ?"
BEFORE_ALL = -1 << 63
"""No offset is smaller, not even a wrong one."""
_LEAVES = "SELECT leaves FROM position WHERE topic = ? AND partition = ?"
_ENTRIES = """SELECT r."offset", outcome, timestamp, hash, subject, key_hash, offsets, key IS NOT NULL, size IS NOT NULL
  FROM record AS r LEFT JOIN rejection AS j
    ON j.topic = r.topic AND j.partition = r.partition AND j."offset" = r."offset"
  WHERE r.topic = ? AND r.partition = ? AND r."offset" >= ? ORDER BY r."offset" """
_Partition = tuple[int, int]
"""(number of the topic, partition)"""


def edge_of(connection: Any, partition: _Partition, size: int) -> Edge:
    """Return the right edge of a partition's tree of `size` leaves. Raise ValueError if the tiles are not its."""
    tiles = []
    for level, number, width in edge_coordinates(size):
        tile = tile_of(connection, partition, level, number) if width else b""
        if len(tile) != width * HASH_BYTES:
            raise ValueError(f"tile {number} of level {level} does not have {width} hashes")
        tiles.append(tile)
    return Edge(size, tiles)


def tile_of(connection: Any, partition: _Partition, level: int, number: int) -> bytes:
    """Return a tile, empty if there is none."""
    row = connection.execute(_TILE, (*partition, level, number)).fetchone()
    return row[0] if row else b""


def tree_of(book: Book, topic: str, partition: int) -> Tree:
    """Return a partition's tree, empty if the book does not have that partition."""
    numbers = (TOPICS[topic].number, partition)
    row = book.connection.execute(_LEAVES, numbers).fetchone()
    return Tree(row[0] if row else 0, lambda level, number: tile_of(book.connection, numbers, level, number))


def leaves_of(book: Book, topic: str, partition: int, start: int = BEFORE_ALL) -> Iterator[Leaf]:
    """Yield the leaves of a partition from an offset on, in order, as the journal has them."""
    for row in book.connection.execute(_ENTRIES, (TOPICS[topic].number, partition, start)):
        offset, outcome, timestamp, hashed, subject, its_key_hash, offsets, has_key, has_value = row
        if its_key_hash is None:  # neither rejected nor a conflict: the key is the subject
            yield Leaf(outcome, 1, 1, 1, offset, timestamp, key_hash((subject or "").encode()), hashed)
        else:
            yield Leaf(outcome, has_key, has_value, offsets, offset, timestamp, its_key_hash, hashed)


def written_entry(leaf: Leaf) -> bytes:
    """Return the entry of a leaf, or nothing if its row of the journal has values that no leaf can have."""
    try:
        return leaf.entry() if len(leaf.key_hash) == len(leaf.value_hash) == HASH_BYTES else b""
    except struct.error:
        return b""


def leaf_at(book: Book, topic: str, partition: int, offset: int) -> Leaf | None:
    """Return the leaf of the record at an offset."""
    leaf = next(leaves_of(book, topic, partition, offset), None)
    return leaf if leaf and leaf.offset == offset else None
