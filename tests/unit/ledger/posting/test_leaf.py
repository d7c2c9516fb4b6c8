"""The leaf of a record: each byte where the document says, and every record one leaf."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.book.trees import leaves_of, tree_of
from ledger.merkle.hashes import leaf_hashes, root_of
from ledger.posting.constants import Outcome
from ledger.posting.leaf import ENTRY_BYTES, NO_BYTES, Leaf
from schemas.topics import TopicPartition
from schemas.wording import Reason
from streams.batch import Batch, Record
from tests.events import PLEDGE, partition, registered, value_of

HOME: TopicPartition = (PLEDGE, partition("P1"))
VALUE = value_of(registered())
RECORDS = [
    Record(3, -5, b"P1", VALUE),
    Record(4, 7, b"P1", VALUE),
    Record(6, 8, b"P1", value_of(registered(region="CN-BJ"))),
    Record(7, 9, None, None),
    Record(8, 9, b"", b""),
    Record(9, 10, b"k" * 100_000, b"{"),
    Record(10, 11, None, b"a batch", fault=Reason("batch_form", {"offsets": 5}), offsets=5),
]
"""An accepted event, a duplicate, a gap at 5, a conflict, rejections without and with empty bytes, one with a key that
is not kept whole, and a batch that cannot be read."""


def leaf(outcome: int, record: Record) -> Leaf:
    """Return the leaf of a record in structured mode, written down here once more."""
    there = int(record.key is not None), int(record.value is not None)
    hashes = sha256(record.key or b"").digest(), sha256(record.value or b"").digest()
    return Leaf(outcome, *there, record.offsets, record.offset, record.timestamp, *hashes)


def test_an_entry_has_each_field_in_its_bytes() -> None:
    entry = Leaf(2, 1, 0, 5, 3, -2, b"k" * 32, b"v" * 32).entry()
    assert entry == bytes.fromhex("01020100 00000005 0000000000000003 fffffffffffffffe") + b"k" * 32 + b"v" * 32
    assert len(entry) == ENTRY_BYTES == 88
    assert Leaf.parse(entry).entry() == entry
    for damaged in (entry[:-1], b"\x02" + entry[1:]):
        with pytest.raises(ValueError, match="length or version"):
            Leaf.parse(damaged)


def test_every_record_is_one_leaf_and_a_gap_is_none(book: Book) -> None:
    sink = BookSink(book)
    for start, end, records in ((0, 6, RECORDS[:2]), (6, 9, RECORDS[2:5]), (9, 20, RECORDS[5:])):
        sink.post(Batch(*HOME, start, end, records))
    outcomes = (Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.CONFLICT, *[Outcome.REJECTED] * 4)
    expected = [leaf(outcome, record) for outcome, record in zip(outcomes, RECORDS, strict=True)]
    assert list(leaves_of(book, *HOME)) == expected
    assert list(leaves_of(book, *HOME, start=7)) == expected[3:]
    assert expected[3].key_hash == expected[4].value_hash == NO_BYTES
    entries = [one.entry() for one in expected]
    assert tree_of(book, *HOME).head() == (7, root_of(leaf_hashes(entries)))
    assert tree_of(book, PLEDGE, HOME[1] ^ 1).size == 0


def test_leaves_do_not_depend_on_batches(book: Book) -> None:
    """A tree that grows a leaf at a time, through the edge of a tile, is the tree of all its leaves."""
    sink = BookSink(book)
    for offset in range(600):
        sink.post(Batch(*HOME, offset, offset + 1, [Record(offset, offset, b"P1", b"%d" % offset)]))
    entries = [one.entry() for one in leaves_of(book, *HOME)]
    assert tree_of(book, *HOME).head() == (600, root_of(leaf_hashes(entries)))
    sizes = book.connection.execute("SELECT level, number, length(hashes) / 32 FROM tile").fetchall()
    assert sizes == [(0, 0, 256), (0, 1, 256), (0, 2, 88), (1, 0, 2)]


@pytest.mark.parametrize("damage", ["DELETE FROM tile", "UPDATE tile SET hashes = x'00'"])
def test_a_book_whose_tree_lacks_a_tile_is_damaged(book: Book, damage: str) -> None:
    from ledger.book.errors import BookDamaged

    sink = BookSink(book)
    sink.post(Batch(*HOME, 0, 1, [Record(0, 0, b"P1", VALUE)]))
    book.connection.execute(damage)
    with pytest.raises(BookDamaged, match="tile 0 of level 0"):
        sink.post(Batch(*HOME, 1, 2, [Record(1, 0, b"P1", VALUE)]))
