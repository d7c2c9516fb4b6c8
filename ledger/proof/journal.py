"""The journal, compared with the trees before a checkpoint is signed: every record since the last statement, and a
part of the older ones: the next checkpoint continues after it, and begins again at the end of the book.

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


class JournalMark(NamedTuple):
    """The end of a comparison in the journal of a partition: the number of leaves, and the offset after the last."""

    leaves: int = 0
    offset: int = BEFORE_ALL


class OlderPart(NamedTuple):
    """The point at which the next checkpoint continues with the older records."""

    topic: str
    partition: int
    mark: JournalMark


def require_new(book: Book, topic_partition: TopicPartition, stated: JournalMark, size: int) -> None:
    """Compare the records of a partition since the last statement with its tree of `size` leaves. Raise
    JournalRewritten."""
    end = _compared(book, topic_partition, stated, size)
    for leaf in leaves_of(book, *topic_partition, end.offset):
        raise JournalRewritten(topic=topic_partition[0], partition=topic_partition[1], offset=leaf.offset)


def require_older(
    book: Book, sizes: Mapping[TopicPartition, int], begin: OlderPart | None, most: int | None
) -> OlderPart | None:
    """Compare `most` of the first `sizes` records of partitions with their trees, or all of them; the others come next
    time. Return where they begin, None if at the first one. Raise JournalRewritten."""
    if most is None or sum(sizes.values()) <= most:
        for topic_partition, size in sizes.items():
            _compared(book, topic_partition, JournalMark(), size)
        return None
    left = most
    for topic_partition, reached in _round(list(sizes), begin):
        end = max(min(sizes[topic_partition], reached.leaves + left), reached.leaves)
        left -= end - reached.leaves
        after = _compared(book, topic_partition, reached, end)
        if not left:
            return OlderPart(*topic_partition, after)
    raise AssertionError("there are more older records than are compared at once")


def _round(
    topic_partitions: Sequence[TopicPartition], begin: OlderPart | None
) -> Iterator[tuple[TopicPartition, JournalMark]]:
    """Yield partitions, and where in them to begin, in turn and without end."""
    at = topic_partitions.index(begin[:2]) if begin and begin[:2] in topic_partitions else 0
    yield topic_partitions[at], begin.mark if begin and begin[:2] == topic_partitions[at] else JournalMark()
    for one in cycle([*topic_partitions[at + 1 :], *topic_partitions[: at + 1]]):
        yield one, JournalMark()


def _compared(book: Book, topic_partition: TopicPartition, reached: JournalMark, end: int) -> JournalMark:
    """Compare the records up to a number of leaves with their tree, and return how far that is. Raise
    JournalRewritten."""
    leaves, offset = reached
    journal = leaves_of(book, *topic_partition, offset)
    key = (TOPICS[topic_partition[0]].number, topic_partition[1])
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
            raise JournalRewritten(topic=topic_partition[0], partition=topic_partition[1], offset=wrong)
        leaves, offset = leaves + width, rows[-1].offset + 1
        if leaves % WIDTH == 0 and not _has_parents(book, key, number):
            raise JournalRewritten(topic=topic_partition[0], partition=topic_partition[1], offset=rows[0].offset)
    return JournalMark(leaves, offset)


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
