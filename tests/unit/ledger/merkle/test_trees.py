"""Merkle trees: the published vectors, and a naive implementation of RFC 6962."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.independent.merkle import path, proof, tree_hash
from ledger.merkle.hashes import (
    EMPTY,
    HASH_BYTES,
    is_consistent,
    leaf_hash,
    leaf_hashes,
    perfect_root,
    root_by_inclusion,
    root_of,
)
from ledger.merkle.tiles import (
    WIDTH,
    Edge,
    TileCoordinates,
    append,
    bundle,
    bundle_path,
    coordinates_of,
    edge_coordinates,
    tile_path,
    unbundle,
)
from ledger.merkle.tree import TileTooShort, Tree
from tests.each_case import each_case

VECTOR = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The entries of the reference tree of Certificate Transparency, with the roots at each size, and proofs."""
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = {
    0: (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    5: (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
CONSISTENCY = {
    (1, 8): INCLUSION[0],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


class Tiles:
    """Tiles in memory, appended to in parts."""

    def __init__(self, entries: Sequence[bytes] = (), cuts: Sequence[int] = ()) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for start, end in zip((0, *cuts), (*cuts, len(entries)), strict=True):
            self.add(entries[start:end])

    def add(self, entries: Sequence[bytes]) -> None:
        """Append entries at the right edge."""
        partial = [self.tiles[tile[:2]] if tile.width else b"" for tile in edge_coordinates(self.size)]
        for level, number, hashes in append(Edge(self.size, partial), leaf_hashes(entries)):
            self.tiles[level, number] = hashes
        self.size += len(entries)

    def tree(self, size: int | None = None) -> Tree:
        """Return the tree, or its beginning."""
        return Tree(self.size if size is None else size, lambda level, number: self.tiles[level, number])


def test_roots_and_proofs_of_the_reference_tree() -> None:
    tiles = Tiles(VECTOR)
    assert tuple(tiles.tree().root(size).hex() for size in range(1, 9)) == ROOTS
    assert tuple(root_of(leaf_hashes(VECTOR[:size])).hex() for size in range(1, 9)) == ROOTS
    for index, expected in INCLUSION.items():
        assert tuple(one.hex() for one in tiles.tree().inclusion(index)) == expected
    for (old, size), proven in CONSISTENCY.items():
        assert tuple(one.hex() for one in tiles.tree(size).consistency(old)) == proven
    assert root_of([]) == Tiles().tree().root() == tree_hash([]) == EMPTY


sizes = st.one_of(st.integers(1, 40), st.sampled_from([255, 256, 257, 511, 512, 513, 700]))


@given(data=st.data(), size=sizes)
def test_trees_in_tiles_are_those_of_the_definition(data: st.DataObject, size: int) -> None:
    entries = [b"%d" % number for number in range(size)]
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=6)))
    tree = Tiles(entries, cuts).tree()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = tree_hash(entries)
    assert (tree.root(), tree.leaf(index)) == (root, leaf_hash(entries[index]))
    assert root_of(leaf_hashes(entries)) == root
    assert tree.inclusion(index) == path(index, entries)
    assert root_by_inclusion(tree.leaf(index), index, size, tree.inclusion(index)) == root
    assert tree.root(old) == tree_hash(entries[:old])
    assert tree.consistency(old) == (proof(old, entries) if old < size else [])
    assert is_consistent(old, tree.root(old), size, root, tree.consistency(old))


@given(data=st.data(), size=st.integers(2, 300))
def test_a_changed_proof_is_refused(data: st.DataObject, size: int) -> None:
    entries = [b"%d" % number for number in range(size)]
    tree = Tiles(entries).tree()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    leaf, root, included, consistent = tree.leaf(index), tree.root(), tree.inclusion(index), tree.consistency(old)
    for changed in _changed(data, included):
        assert root_by_inclusion(leaf, index, size, changed) != root
    for changed in _changed(data, consistent):
        assert not is_consistent(old, tree.root(old), size, root, changed)
    assert root_by_inclusion(leaf_hash(b"other"), index, size, included) != root
    for elsewhere in {index - 1, index + 1, size} - {index}:
        assert root_by_inclusion(leaf, elsewhere, size, included) != root
    assert not is_consistent(old, leaf_hash(b"other"), size, root, consistent)
    assert not is_consistent(old, tree.root(old), size, leaf_hash(b"other"), consistent)
    assert not is_consistent(size + 1, root, size, root, [])


def _changed(data: st.DataObject, hashes: list[bytes]) -> list[list[bytes]]:
    at = data.draw(st.integers(0, len(hashes) - 1))
    return [
        [*hashes[:at], leaf_hash(hashes[at]), *hashes[at + 1 :]],
        [*hashes[:at], *hashes[at + 1 :]],
        [*hashes, hashes[at]],
    ]


def test_a_consistency_proof_needs_no_hash_for_the_same_or_an_empty_tree() -> None:
    root = tree_hash(VECTOR)
    assert is_consistent(8, root, 8, root, [])
    assert is_consistent(0, EMPTY, 8, root, [])
    assert not is_consistent(0, root, 8, root, [])
    assert not is_consistent(8, EMPTY, 8, root, [])
    assert not is_consistent(8, root, 8, root, [root])
    assert not is_consistent(3, root, 8, root, [])


def test_tiles_of_a_tree_are_those_that_the_specification_names() -> None:
    tiles = Tiles([b"%d" % number for number in range(70_000)], (70, 65_536))
    found = list(coordinates_of(70_000))
    assert {tile[:2]: tile.width * HASH_BYTES for tile in found} == {
        tile: len(hashes) for tile, hashes in tiles.tiles.items()
    }
    assert [tile for tile in found if tile.width < WIDTH or tile.level] == [
        TileCoordinates(0, 273, 112),
        TileCoordinates(1, 0),
        TileCoordinates(1, 1, 17),
        TileCoordinates(2, 0, 1),
    ]
    assert tiles.tiles[1, 0][:HASH_BYTES] == perfect_root(tiles.tiles[0, 0])
    assert list(coordinates_of(256)) == [TileCoordinates(0, 0), TileCoordinates(1, 0, 1)]


@each_case(
    ("tile", "path"),
    [
        (TileCoordinates(0, 1234067), "tile/0/x001/x234/067"),
        (TileCoordinates(0, 0), "tile/0/000"),
        (TileCoordinates(3, 999, 8), "tile/3/999.p/8"),
        (TileCoordinates(1, 1000, 255), "tile/1/x001/000.p/255"),
    ],
)
def test_a_tile_has_the_path_that_the_specification_gives(tile: TileCoordinates, path: str) -> None:
    assert tile_path(tile) == path
    assert bundle_path(tile) == path.replace(f"tile/{tile.level}/", "tile/entries/")


def test_a_bundle_has_lengths_before_its_entries() -> None:
    assert bundle([b"", b"abc"]) == b"\x00\x00\x00\x03abc"
    assert unbundle(b"\x00\x00\x00\x03abc") == [b"", b"abc"]
    with pytest.raises(ValueError, match="truncated"):
        unbundle(b"\x00\x04abc")


def test_a_tile_that_lacks_a_hash_is_noticed() -> None:
    tiles = Tiles(VECTOR)
    tiles.tiles[0, 0] = tiles.tiles[0, 0][:-1]
    with pytest.raises(TileTooShort):
        tiles.tree().root()
