"""Tiles of a tree (C2SP tlog-tiles): 256 hashes each; a hash of level 1 is the root of a full tile of level 0.

Hash i of tile n on level l is that of the leaves [(256n + i) * 256^l, (256n + i + 1) * 256^l). Full tiles never change.
The last tile of a level may be partial; a tree of s leaves has s // 256^l hashes on level l.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

from ledger.merkle.hashes import HASH_BYTES, perfect_root

WIDTH: Final = 256
HEIGHT: Final = 8
"""Levels of the tree in one tile: 256 = 2^8."""
TILE_BYTES: Final = WIDTH * HASH_BYTES
LONGEST_ENTRY: Final = 0xFFFF
"""Bytes of the longest entry in a bundle."""


class TileCoordinates(NamedTuple):
    """The level and the number of a tile in its tree, and its number of hashes."""

    level: int
    number: int
    width: int = WIDTH


class Tile(NamedTuple):
    """A tile: its level and number, and its hashes."""

    level: int
    number: int
    hashes: bytes


class Edge(NamedTuple):
    """The right edge of a tree: its number of leaves, and the partial tile of each level, empty where there is none."""

    size: int = 0
    tiles: Sequence[bytes] = ()


def edge_coordinates(size: int) -> list[TileCoordinates]:
    """Return the coordinates of the last tile on each level, from 0; its width is 0 if the one before it is full."""
    return [TileCoordinates(level, held // WIDTH, held % WIDTH) for level, held in enumerate(_held(size))]


def coordinates_of(size: int) -> Iterator[TileCoordinates]:
    """Yield the coordinates of all tiles of a tree."""
    for level, held in enumerate(_held(size)):
        for number in range(held // WIDTH):
            yield TileCoordinates(level, number)
        if held % WIDTH:
            yield TileCoordinates(level, held // WIDTH, held % WIDTH)


def append(edge: Edge, hashes: Sequence[bytes]) -> list[Tile]:
    """Return the tiles that these leaf hashes change or add, in order of level and number."""
    tiles: list[Tile] = []
    added, held = hashes, edge.size
    for level in count():
        if not added:
            break
        partial = edge.tiles[level] if level < len(edge.tiles) else b""
        joined = partial + b"".join(added)
        cut = [joined[at : at + TILE_BYTES] for at in range(0, len(joined), TILE_BYTES)]
        tiles += [Tile(level, number, tile) for number, tile in enumerate(cut, held // WIDTH)]
        added = [perfect_root(tile) for tile in cut if len(tile) == TILE_BYTES]
        held //= WIDTH
    return tiles


def grown_edge(edge: Edge, count: int, changed: Sequence[Tile]) -> Edge:
    """Return the right edge after `append` of this many leaves changed these tiles."""
    tiles = list(edge.tiles)
    for level, _, hashes in changed:
        tiles += [b""] * (level + 1 - len(tiles))
        tiles[level] = b"" if len(hashes) == TILE_BYTES else hashes
    return Edge(edge.size + count, tiles)


def tile_path(tile: TileCoordinates) -> str:
    """Return the path of a tile's file."""
    return f"tile/{tile.level}/{_number(tile)}"


def bundle_path(tile: TileCoordinates) -> str:
    """Return the path of the file with the entries under a tile of level 0."""
    return f"tile/entries/{_number(tile)}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as one file: each after its length in 2 bytes, most significant byte first."""
    return b"".join([len(entry).to_bytes(2) + entry for entry in entries])


def unbundle(data: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raise ValueError if it is truncated."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if end > len(data):
            raise ValueError("an entry is truncated")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def _held(size: int) -> Iterator[int]:
    """Yield the number of hashes on each level, up to the highest one that has any."""
    while size:
        yield size
        size //= WIDTH


def _number(tile: TileCoordinates) -> str:
    digits = f"{tile.number:d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if tile.width == WIDTH else f"{path}.p/{tile.width}"
