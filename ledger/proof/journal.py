"""The journal, compared with the trees before a checkpoint is signed: every record since the last statement, and a
part of the older ones, which goes round the book from one checkpoint to the next.

So a checkpoint takes the same time in a book of any age. docs/auditors.md says what that promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, cycle, islice
from typing import NamedTuple

from ledger.book.book import Book
from ledger.book.trees import BEFORE_ALL, leaves_of, tile_of, written_entry
from ledger.merkle.hashes import HASH_BYTES, leaf_hashes, perfect_root
from ledger.merkle.tiles import WIDTH
from ledger.proof.errors import JournalRewritten
from schemas.topics import TOPICS, TopicPartition

OLDER = 256 * WIDTH
"""Older records that are compared at each checkpoint: 65,536."""


class JournalPlace(NamedTuple):
    """A place in the journal of a partition: the number of leaves before it, and the offset after the last of them."""

    leaves: int = 0
    offset: int = BEFORE_ALL


class OlderPart(NamedTuple):
    """Where the next checkpoint continues with the older records."""

    topic: str
    partition: int
    place: JournalPlace


def require_new(book: Book, place: TopicPartition, stated: JournalPlace, size: int) -> None:
    """Compare the records of a partition since the last statement with its tree of `size` leaves. Raise
    JournalRewritten."""
    end = _compared(book, place, stated, size)
    for leaf in leaves_of(book, *place, end.offset):
        raise JournalRewritten(topic=place[0], partition=place[1], offset=leaf.offset)


def require_older(
    book: Book, sizes: Mapping[TopicPartition, int], begin: OlderPart | None, most: int | None
) -> OlderPart | None:
    """Compare `most` of the first `sizes` records of partitions with their trees, or all of them; the others come next
    time. Return where they begin, None if at the first one. Raise JournalRewritten."""
    if most is None or sum(sizes.values()) <= most:
        for place, size in sizes.items():
            _compared(book, place, JournalPlace(), size)
        return None
    left = most
    for place, reached in _round(list(sizes), begin):
        end = max(min(sizes[place], reached.leaves + left), reached.leaves)
        left -= end - reached.leaves
        after = _compared(book, place, reached, end)
        if not left:
            return OlderPart(*place, after)
    raise AssertionError("there are more older records than are compared at once")


def _round(places: Sequence[TopicPartition], begin: OlderPart | None) -> Iterator[tuple[TopicPartition, JournalPlace]]:
    """Yield partitions, and where in them to begin: round and round, until there is nothing left to compare."""
    at = places.index(begin[:2]) if begin and begin[:2] in places else 0
    yield places[at], begin.place if begin and begin[:2] == places[at] else JournalPlace()
    for one in cycle([*places[at + 1 :], *places[: at + 1]]):
        yield one, JournalPlace()


def _compared(book: Book, place: TopicPartition, reached: JournalPlace, end: int) -> JournalPlace:
    """Compare the records up to a number of leaves with their tree, and return the place after them. Raise
    JournalRewritten."""
    leaves, offset = reached
    journal = leaves_of(book, *place, offset)
    key = (TOPICS[place[0]].number, place[1])
    while leaves < end:
        number, at = divmod(leaves, WIDTH)
        width = min(WIDTH - at, end - leaves)
        rows = list(islice(journal, width))
        tile = tile_of(book.connection, key, 0, number)
        known = [
            tile[start : start + HASH_BYTES] for start in range(at * HASH_BYTES, (at + width) * HASH_BYTES, HASH_BYTES)
        ]
        hashes = leaf_hashes([written_entry(row) for row in rows])
        if hashes != known:
            pairs = zip(rows, hashes, known, strict=False)
            wrong = next((row.offset for row, mine, its in pairs if mine != its), max(offset, 0))
            raise JournalRewritten(topic=place[0], partition=place[1], offset=wrong)
        leaves, offset = leaves + width, rows[-1].offset + 1
        if leaves % WIDTH == 0 and not _has_parents(book, key, number):
            raise JournalRewritten(topic=place[0], partition=place[1], offset=rows[0].offset)
    return JournalPlace(leaves, offset)


def _has_parents(book: Book, key: tuple[int, int], number: int) -> bool:
    """Return whether the hash of a full tile is in the tile above it, and so on while these are full."""
    for level in count():
        above, at = divmod(number, WIDTH)
        tile, parent = (tile_of(book.connection, key, *where) for where in ((level, number), (level + 1, above)))
        if perfect_root(tile) != parent[at * HASH_BYTES : (at + 1) * HASH_BYTES]:
            return False
        if at != WIDTH - 1:
            return True
        number = above
    raise AssertionError("a tree has a root")
