"""A book at a past position answers like a book that was posted up to it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book.book import Book
from ledger.book.carried import CARRY
from ledger.book.known import as_known, position_at
from ledger.book.past import PastBook
from ledger.book.position import position_text
from ledger.book.sink import BookSink
from ledger.posting.constants import CONSTANTS
from ledger.queries.moved import moved
from ledger.queries.totals import totals
from ledger.queries.view import view
from schemas.topics import TopicPartition
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import new_book, opened
from tests.effort import examples

CELL = ("kind", "industry", "year", "currency")
VIEWS = ("totals", "lineage", "journal", "rejections", "conflicts", "pledge_flow", "pledge_yoy")
QUESTIONS: tuple[tuple[str | None, tuple[str, ...], tuple[str, ...]], ...] = (
    (None, (), ()),
    ("pledges", ("industry", "year"), ()),
    ("grants", ("region", "right"), ("year>=2020",)),
    (None, ("industry", "year", "region", "right"), ()),
    ("pledges", ("year",), ("industry=AI", "region!=CN-SH")),
)


@cache
def records(stride: int) -> Mapping[TopicPartition, list[Record]]:
    """Return the records of a market, each this many offsets after the one before: gaps lie between them."""
    found: dict[TopicPartition, list[Record]] = defaultdict(list)
    for topic, partition, key, value in noisy_records(400, 5, generate_all):
        held = found[topic, partition]
        offset = len(held) * stride + stride // 2
        held.append(Record(offset, 1_700_000_000_000 + len(held) * 1000, key, value))
    return found


def post(path: Path, stride: int, ends: Mapping[TopicPartition, int], step: int) -> None:
    new_book(path)
    with opened(path) as book:
        sink = BookSink(book)
        for topic_partition, held in records(stride).items():
            for start in range(0, ends[topic_partition], step):
                end = min(start + step, ends[topic_partition])
                sink.post(
                    Batch(*topic_partition, start, end, [record for record in held if start <= record.offset < end])
                )


@cache
def _directory() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def whole(stride: int) -> Path:
    """Return the book of all records."""
    path = Path(_directory().name) / f"{stride}.db"
    ends = {topic_partition: held[-1].offset + stride for topic_partition, held in records(stride).items()}
    post(path, stride, ends, 37 * stride)
    return path


@contextmanager
def both(stride: int, seed: int) -> Iterator[tuple[PastBook, Book]]:
    """Yield the book of all records at a past position, and a book that was posted up to it."""
    draw = Random(seed)
    last = {topic_partition: held[-1].offset + stride for topic_partition, held in records(stride).items()}
    ends = {
        topic_partition: draw.choice((0, end, draw.randrange(end), end // CARRY * CARRY))
        for topic_partition, end in last.items()
    }
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "then.db"
        post(path, stride, ends, 11 * stride)
        with Book(whole(stride)) as now, Book(path) as then:
            yield PastBook(now, position_at(now, position_text(then.positions()))), then


@settings(max_examples=examples(12))
@given(stride=st.sampled_from([1, 700, 9000]), seed=st.integers(0, 2**32))
def test_a_past_position_is_a_book_posted_up_to_it(stride: int, seed: int) -> None:
    with both(stride, seed) as (past, then):
        for basis in ("recorded", "corrected"):
            for kind, by, filters in QUESTIONS:
                ours, theirs = (totals(book, kind, by, basis=basis, filters=filters) for book in (past, then))
                assert ours.shown == theirs.shown, (kind, by, basis)
                assert ours.position == theirs.position
        for name, day in (*((name, None) for name in VIEWS), ("ytd_vs_same_period", date(2023, 6, 30))):
            ours, theirs = view(past, name, as_of=day), view(then, name, as_of=day)
            assert sorted(ours.shown, key=repr) == sorted(theirs.shown, key=repr), name
        assert then.connection.execute("SELECT * FROM carried").fetchall() == [
            row
            for row in past.present.connection.execute("SELECT * FROM carried")
            if row[2] <= then.next_offsets()[CONSTANTS["topic"][row[0]], row[1]]
        ]


@settings(max_examples=examples(12))
@given(seed=st.integers(0, 2**32), basis=st.sampled_from(["recorded", "corrected"]))
def test_what_moved_is_the_difference_of_carried_sums(seed: int, basis: str) -> None:
    draw = Random(seed)
    with Book(whole(9000)) as now:
        ends = [(position, draw.randint(0, position.next)) for position in now.positions()]
        at = ",".join(f"{position.topic}:{position.partition}={end}" for position, end in ends)
        amounts = []
        for book in (as_known(now, at), now):
            rows = totals(book, by=("industry", "year"), basis=basis).rows_as_dicts()
            amounts.append({tuple(row[name] for name in CELL): row["amount_minor"] or 0 for row in rows})
        found = moved(now, at, basis=basis, filters=["industry!=ALL"]).rows_as_dicts()
        shown = {tuple(row[name] for name in CELL): row["amount_moved_minor"] or 0 for row in found}
        cells = {*amounts[0], *amounts[1]}
        differences = {cell: amounts[1].get(cell, 0) - amounts[0].get(cell, 0) for cell in cells}
        assert {cell: minor for cell, minor in shown.items() if minor} == {
            cell: minor for cell, minor in differences.items() if minor
        }


def test_sums_are_carried_forward_in_this_market() -> None:
    with Book(whole(9000)) as book:
        (kept,) = book.connection.execute('SELECT count(DISTINCT "offset") FROM carried').fetchone()
        assert kept > 5
        (off,) = book.connection.execute(f'SELECT count(*) FROM carried WHERE "offset" % {CARRY}').fetchone()
        assert off == 0


@pytest.fixture(scope="module", autouse=True)
def _without_books() -> Iterator[None]:
    yield
    whole.cache_clear()
    _directory().cleanup()
    _directory.cache_clear()
