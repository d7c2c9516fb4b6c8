"""Positions and times at which a book is asked what was known then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import queries
from ledger.book.book import Book, PartitionState
from ledger.book.known import BadMoment, as_known, parse_moment, position_at
from ledger.book.past import BeyondBook, NotKnownThen
from ledger.book.position import BadPosition
from ledger.book.sink import BookSink
from streams.batch import Batch, Record
from tests.books import new_book
from tests.each_case import each_case
from tests.events import PLEDGE, partition, value_of
from tests.events import registered as registration

HOME = partition("P1")
MIDNIGHT = 1_700_006_400_000
"""2023-11-15 UTC."""


def posted(book: Book, timestamps: Sequence[int], start: int = 0) -> Book:
    """Post a registration at each time."""
    records = [
        Record(offset, timestamp, b"P1", value_of(registration(f"r{offset}")))
        for offset, timestamp in enumerate(timestamps, start)
    ]
    BookSink(book).post(Batch(PLEDGE, HOME, start, start + len(records), records))
    return book


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-11-14", MIDNIGHT - 1),
        ("2023-11-15T00:00:00Z", MIDNIGHT),
        ("2023-11-15T08:00:00.250+08:00", MIDNIGHT + 250),
    ],
)
def test_a_day_ends_at_midnight_in_utc(text: str, moment: int) -> None:
    assert parse_moment(text) == moment


@each_case("text", ["", "yesterday", "2023-02-30", "2023-11-15T00:00:00", "9999-12-31", "20231115"])
def test_a_time_needs_a_zone_and_a_day_must_exist(text: str) -> None:
    with pytest.raises(BadMoment, match="neither a position nor a time"):
        parse_moment(text)


def test_a_time_is_the_position_that_records_reached(book: Book) -> None:
    posted(book, [MIDNIGHT - 2, MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 5])
    assert position_at(book, "2023-11-14")[PLEDGE, HOME] == 2
    assert position_at(book, "2023-11-15T00:00:00Z")[PLEDGE, HOME] == 3
    assert position_at(book, "2023-11-15")[PLEDGE, HOME] == 4
    assert position_at(book, "1999-01-01")[PLEDGE, HOME] == 0
    assert as_known(book, "2023-11-14").reached() == as_known(book, f"{PLEDGE}:{HOME}=2").reached()


@settings(max_examples=60)
@given(
    times=st.lists(st.integers(0, 9), min_size=1, max_size=40),
    later=st.lists(st.integers(0, 9), max_size=40),
    until=st.integers(-1, 9),
)
def test_timestamps_that_go_back_are_passed_somewhere(times: list[int], later: list[int], until: int) -> None:
    asked = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=until)).isoformat()
    book = _Stub(times)
    found = position_at(book, asked)[PLEDGE, 0]
    assert found == 0 or times[found - 1] <= until
    assert found == len(times) or times[found] > until
    after = [max(until + 1, time) for time in later]
    assert position_at(_Stub(times + after), asked)[PLEDGE, 0] == found


class _Stub(Book):
    """A partition of records with these timestamps, and nothing else."""

    def __init__(self, times: list[int]) -> None:
        self.path = Path("none")
        self._times = times
        self.connection = pysqlite3.connect(":memory:")
        self.connection.execute('CREATE TABLE record (topic, partition, "offset", timestamp)')
        rows = [(1, 0, offset, time) for offset, time in enumerate(times)]
        self.connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)

    def positions(self) -> list[PartitionState]:
        return [PartitionState(PLEDGE, 0, 0, len(self._times), 0, 0, 0, 0, 0, None, None)]


@pytest.mark.parametrize(
    ("at", "error", "message"),
    [
        (f"{PLEDGE}:{HOME}=4", BeyondBook, rf"{PLEDGE}:{HOME}=4 is outside the book, which holds \[0, 3\)"),
        (f"{PLEDGE}:77=0", BeyondBook, rf"{PLEDGE}:77=0 is outside"),
        ("ip.nothing.v1:0=1", BadPosition, "not part of a position"),
        ("soon", BadMoment, "'soon' is neither"),
    ],
)
def test_other_positions_are_refused(book: Book, at: str, error: type[Exception], message: str) -> None:
    posted(book, [1, 2, 3])
    with pytest.raises(error, match=message):
        as_known(book, at)


@pytest.mark.parametrize(
    ("view", "what"),
    [
        ("pledge_stock", "the table summary|the table stock|`newest_day`"),
        ("valuations", "`newest_day`"),
        ("unmatched", "the table waiting"),
        ("positions", "`accepted`"),
        ("policies", "`newest_day`|the table policy"),
    ],
)
def test_what_is_kept_as_it_is_now_is_not_shown_as_of_then(book: Book, view: str, what: str) -> None:
    past = as_known(posted(book, [1, 2, 3]), f"{PLEDGE}:{HOME}=2")
    message = rf"keeps ({what}) only as it is now.*ip-ledger replay --book NEW --to .*{PLEDGE}:{HOME}=2"
    with pytest.raises(NotKnownThen, match=message):
        queries.view(past, view)


def test_the_present_position_gives_the_present_answer(book: Book) -> None:
    posted(book, [1, 2, 3])
    with queries.open(book.path) as now:
        past = as_known(now, queries.totals(now).position)
        assert queries.totals(past).shown == queries.totals(now).shown != []
        assert queries.totals(past, by=["year"]).as_json()["position"] == queries.totals(now).position


def test_an_empty_book_has_an_empty_past(path: Path) -> None:
    new_book(path)
    with queries.open(path) as book:
        past = as_known(book, "2023-01-01")
        assert queries.totals(past).shown == []
        assert queries.view(past, "journal").shown == []
        assert past.reached() == as_known(book, f"{PLEDGE}:0=0").reached()
