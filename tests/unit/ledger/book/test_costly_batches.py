"""A batch that moves much: it is posted in several transactions, each of which is bounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.book.connection import table_names
from ledger.book.sink import BookSink
from ledger.posting.fold import OF_A_POSTING, OF_A_STEP
from streams.batch import Batch, PostResult
from tests.acceptance.fault import Fault
from tests.books import new_book
from tests.events import PATENT, PLEDGE, Event, corrected, example_event, granted, partition, record, registered

HOME = partition("P1")
COUNT = 60
REGIONS = ("CN-BJ", "CN-SH")


class _Killed(Exception):
    pass


def corrections() -> Batch:
    """Return a registration, and realisations of the pledge that take turns with corrections of its region: each of
    these moves all realisations before it."""
    first = registered()
    events = [first, *(_following(first, number) for number in range(1, COUNT))]
    return Batch(PLEDGE, HOME, 0, COUNT, [record(offset, event) for offset, event in enumerate(events)])


def _following(first: Event, number: int) -> Event:
    if number % 2:
        return example_event("pledge.realised", f"e{number}", occurred_on=f"{1950 + number}-01-01")
    return corrected(first, f"k{number}", region=REGIONS[number // 2 % 2])


def posted(book: Book, batch: Batch, most: int, until: int = COUNT) -> list[int]:
    """Post a batch, or its rest, and return the position after each transaction. Raise _Killed in the one that would
    pass the offset `until`."""
    sink = BookSink(book, most=most)
    positions: list[int] = []

    def before_commit() -> None:
        positions.append(sink.next_offset(PLEDGE, HOME))
        if positions[-1] > until:
            raise _Killed

    while (start := sink.next_offset(PLEDGE, HOME)) < batch.end:
        rest = Batch(PLEDGE, HOME, start, batch.end, batch.records[start:])
        (result,) = sink.post_all([rest], before_commit)
        assert result is (PostResult.POSTED if positions[-1] == batch.end else PostResult.PARTLY)
    return positions


def content(book: Book) -> dict[str, list[object]]:
    tables = set(table_names(book.connection)) - {"meta"}
    return {table: book.connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


@pytest.fixture
def new(tmp_path: Path) -> Callable[[str], Path]:
    def made(name: str) -> Path:
        new_book(tmp_path / name)
        return tmp_path / name

    return made


def test_a_costly_batch_goes_on_where_it_was(new: Callable[[str], Path], fault: Fault) -> None:
    """A batch of events about one subject in which every second moves all others, and a crash in its midst"""
    batch, most = corrections(), 200 * OF_A_POSTING
    with Book(new("whole.db"), writable=True) as whole, Book(new("parts.db"), writable=True) as parts:
        assert posted(whole, batch, 1 << 30) == [COUNT]
        with pytest.raises(_Killed):
            posted(parts, batch, most, until=COUNT // 2)
        reached = BookSink(parts).next_offset(PLEDGE, HOME)
        assert 0 < reached <= COUNT // 2
        ends = posted(parts, batch, most)
        assert len(ends) > 1
        assert content(parts) == content(whole)
        for start, end in pairwise([reached, *ends]):
            assert _moved(parts, start, end - 1) <= most  # the last event may exceed it
    fault.ended("continues after the last of its transactions", 1)


def test_other_partitions_do_not_wait_for_a_costly_batch(new: Callable[[str], Path]) -> None:
    other = Batch(PATENT, HOME, 0, 1, [record(0, granted(subject="P1"), b"P1")])
    with Book(new("book.db"), writable=True) as book:
        sink = BookSink(book, most=200 * OF_A_POSTING)
        assert sink.post_all([corrections(), other]) == [PostResult.PARTLY, PostResult.POSTED]
        first, second = sink.posted
        assert (first.batch.end, sum(first.counts.values())) == (sink.next_offset(PLEDGE, HOME),) * 2
        assert second.batch == other
        assert sink.post(corrections().since(first.batch.end)) is PostResult.POSTED
        assert sum(sum(part.counts.values()) for part in sink.posted) == COUNT - first.batch.end
        assert len(sink.posted) > 1


def _moved(book: Book, start: int, end: int) -> int:
    (postings,) = book.connection.execute(
        'SELECT count(*) FROM posting WHERE "offset" >= ? AND "offset" < ?', (start, end)
    ).fetchone()
    revisions = len([offset for offset in range(start, end) if offset and offset % 2 == 0])
    return int(postings) * OF_A_POSTING + revisions * (start + 1) // 2 * OF_A_STEP
