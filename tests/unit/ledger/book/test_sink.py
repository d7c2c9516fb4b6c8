"""The sink: every offset has one outcome, and a batch is atomic."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book, PartitionState
from ledger.book.connection import table_names
from ledger.book.errors import BookFault, OffsetSkipped
from ledger.book.sink import BookSink
from ledger.book.writer import EARLIER
from ledger.posting.fold import DecodedBatch, History, Rows, fold
from streams.batch import Batch, PostResult, Record
from tests.books import new_book
from tests.events import (
    OTHER_SOURCE,
    PATENT,
    PLEDGE,
    Event,
    asset,
    cancelled,
    corrected,
    granted,
    modified,
    money,
    partition,
    record,
    registered,
    value_of,
    voided,
)

HOME = partition("P1")


@pytest.fixture
def sink(book: Book) -> BookSink:
    return BookSink(book)


def batch(start: int, *contents: Event | bytes | None, end: int | None = None, topic: str = PLEDGE) -> Batch:
    """Return records without gaps from `start` on, in the partition of the pledge P1."""
    records = [record(start + i, one, b"P1") for i, one in enumerate(contents)]
    return Batch(topic, HOME, start, start + len(records) if end is None else end, records)


def rows(book: Book, sql: str) -> list[Any]:
    found = book.connection.execute(sql).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def position(book: Book, topic: str = PLEDGE) -> PartitionState:
    return next(p for p in book.positions() if (p.topic, p.partition) == (topic, HOME))


def outcomes(book: Book) -> list[str]:
    return rows(book, 'SELECT outcome FROM journal ORDER BY topic, partition, "offset"')


def content(book: Book) -> dict[str, list[Any]]:
    return {table: rows(book, f"SELECT * FROM {table}") for table in table_names(book.connection)}


# ---- a batch and its position


def test_only_the_transaction_waits_for_the_lock(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    @contextmanager
    def lock() -> Iterator[None]:
        steps.append("begin")
        yield
        assert not book.connection.in_transaction
        steps.append("end")

    def noting_fold(decoded: DecodedBatch, history: History, most: int) -> Rows | None:
        steps.append("fold")
        return fold(decoded, history, most)

    monkeypatch.setattr("ledger.book.sink.fold", noting_fold)
    BookSink(book, lock()).post_all([batch(0, registered())])
    assert steps == ["fold", "begin", "end"]
    assert position(book).accepted == 1


def test_a_batch_at_the_next_offset_is_posted(sink: BookSink) -> None:
    assert sink.next_offset(PLEDGE, HOME) == 0
    assert sink.post(batch(0, registered(), modified())) is PostResult.POSTED
    assert sink.next_offset(PLEDGE, HOME) == 2
    assert position(sink.book).accepted == 2
    assert sink.next_offset(PLEDGE, (HOME + 1) % 4) == 0


@pytest.mark.parametrize(("start", "end"), [(0, 2), (1, 2), (0, 1), (1, 9)])
def test_a_batch_below_the_position_changes_nothing(sink: BookSink, start: int, end: int) -> None:
    sink.post(batch(0, registered(), modified()))
    before = content(sink.book)
    events = [registered(f"x{offset}") for offset in range(start, end)]
    assert sink.post(batch(start, *events)) is PostResult.BEHIND
    assert content(sink.book) == before


def test_a_batch_above_the_position_names_the_skipped_offsets(sink: BookSink) -> None:
    sink.post(batch(0, registered()))
    before = content(sink.book)
    with pytest.raises(OffsetSkipped, match=rf"ip.pledge.v1:{HOME} begins at 3, but the book continues at 1"):
        sink.post(batch(3, modified()))
    assert content(sink.book) == before


def test_a_batch_that_another_worker_posted_first_is_behind(sink: BookSink, path: Path) -> None:
    with Book(path, writable=True) as other:
        assert BookSink(other).post(batch(0, registered())) is PostResult.POSTED
    assert sink.post(batch(0, registered())) is PostResult.BEHIND
    assert sink.next_offset(PLEDGE, HOME) == 1
    assert sink.post(batch(1, registered())) is PostResult.POSTED
    assert outcomes(sink.book) == ["accepted", "duplicate"]


def test_a_batch_that_cannot_be_written_leaves_the_book_unchanged(sink: BookSink) -> None:
    sink.post(batch(0, registered()))
    before = content(sink.book)
    twice = Batch(PLEDGE, HOME, 1, 3, [record(1, modified("m1")), record(1, modified("m2"))])
    with pytest.raises(BookFault, match="cannot be read or written: UNIQUE constraint failed"):
        sink.post(twice)
    assert content(sink.book) == before
    assert sink.post(batch(1, modified("m1"), modified("m2"))) is PostResult.POSTED


@pytest.mark.parametrize(
    ("start", "end", "offsets"), [(1, 2, [1, 2]), (1, 3, [5]), (1, 2, [2])], ids=["too-many", "beyond", "elsewhere"]
)
def test_a_batch_with_records_beyond_its_end_is_refused(
    sink: BookSink, start: int, end: int, offsets: list[int]
) -> None:
    sink.post(batch(0, registered()))
    before = content(sink.book)
    with pytest.raises(BookFault, match="CHECK constraint failed"):
        sink.post(Batch(PLEDGE, HOME, start, end, [record(offset, modified(f"m{offset}")) for offset in offsets]))
    assert content(sink.book) == before


def test_a_posted_batch_is_in_the_file(sink: BookSink, path: Path) -> None:
    sink.post(batch(0, registered()))
    with Book(path) as other:
        assert content(other) == content(sink.book)


# ---- outcomes


def test_gaps_are_counted_separately(sink: BookSink) -> None:
    sink.post(Batch(PLEDGE, HOME, 0, 7, [record(1, registered()), record(4, modified())]))
    assert position(sink.book)[2:9] == (0, 7, 2, 0, 0, 0, 5)
    sink.post(Batch(PLEDGE, HOME, 7, 9, []))
    assert position(sink.book)[2:9] == (0, 9, 2, 0, 0, 0, 7)
    assert position(sink.book).balanced


def test_the_last_record_is_remembered_over_a_batch_without_one(sink: BookSink) -> None:
    sink.post(Batch(PLEDGE, HOME, 0, 3, [record(1, registered())]))
    sink.post(Batch(PLEDGE, HOME, 3, 5, []))
    assert position(sink.book)[9:] == (1, sha256(value_of(registered())).digest())
    sink.post(batch(5, None))
    assert position(sink.book)[9:] == (5, sha256(b"").digest())


def test_the_same_bytes_again_are_a_duplicate_and_other_bytes_a_conflict(sink: BookSink) -> None:
    other = registered(secured=money("7.00"))
    sink.post(batch(0, registered(), registered(), other, other, registered()))
    sink.post(batch(5, registered(), other))
    assert outcomes(sink.book) == [
        "accepted",
        "duplicate",
        "conflict",
        "conflict",
        "duplicate",
        "duplicate",
        "conflict",
    ]
    assert position(sink.book)[4:9] == (1, 3, 3, 0, 0)
    assert rows(sink.book, "SELECT amount FROM totals WHERE industry = 'ALL' AND basis = 'corrected'") == ["1000.00"]


def test_the_same_event_in_other_bytes_is_a_conflict(sink: BookSink) -> None:
    sink.post(batch(0, registered(), value_of(registered()) + b" "))
    assert outcomes(sink.book) == ["accepted", "conflict"]


def test_an_id_belongs_to_its_source_subject_and_topic(sink: BookSink) -> None:
    sink.post(batch(0, registered("e1"), registered("e1") | {"source": OTHER_SOURCE}))
    sink.post(batch(0, granted("e1", subject="P1"), topic=PATENT))
    subject = next(name for name in map("Q{}".format, count()) if partition(name) == HOME)
    sink.post(Batch(PLEDGE, HOME, 2, 3, [record(2, registered("e1", subject=subject))]))
    assert outcomes(sink.book) == ["accepted"] * 4


def test_an_id_covers_all_types_of_its_subject(sink: BookSink) -> None:
    sink.post(batch(0, registered("e1"), modified("e1")))
    assert outcomes(sink.book) == ["accepted", "conflict"]


def test_a_uuid_in_other_case_is_the_same_id(sink: BookSink) -> None:
    uuid = "0190c6f0-abcd-7000-8000-000000000001"
    sink.post(batch(0, registered(uuid), registered(uuid.upper())))
    sink.post(batch(2, registered("e1"), registered("E1"), registered(uuid.upper())))
    assert outcomes(sink.book) == ["accepted", "conflict", "accepted", "accepted", "conflict"]
    assert rows(sink.book, "SELECT DISTINCT id FROM journal ORDER BY id") == [uuid, "E1", "e1"]


def test_only_an_accepted_record_reserves_its_id(sink: BookSink) -> None:
    sink.post(batch(0, registered(secured="?"), registered()))
    assert outcomes(sink.book) == ["rejected", "accepted"]


def test_a_poison_record_stops_nothing_and_is_kept(sink: BookSink) -> None:
    poison = b'{"a": 1e99999999999999999999, "\\ud800'
    sink.post(batch(0, registered(), poison, None, modified()))
    assert outcomes(sink.book) == ["accepted", "rejected", "rejected", "accepted"]
    kept = 'SELECT "offset", outcome, rule, path, key, value FROM rejections ORDER BY "offset"'
    assert rows(sink.book, kept) == [
        (1, "rejected", "not_json", "", b"P1", poison),
        (2, "rejected", "empty", "", b"P1", None),
    ]


def test_a_conflict_is_kept_and_names_the_first(sink: BookSink) -> None:
    other = registered(secured=money("7.00"))
    sink.post(batch(0, registered(), other))
    assert rows(sink.book, "SELECT rule, path, reason, arguments, value FROM rejections") == [
        ("conflict", "id", "other_bytes", '{"offset":0}', value_of(other))
    ]


def test_an_invalid_record_reserves_nothing_even_if_its_key_is_not_text(sink: BookSink) -> None:
    sink.post(Batch(PLEDGE, HOME, 0, 2, [Record(0, -1, b"\xff\x00", value_of(registered())), record(1, registered())]))
    assert outcomes(sink.book) == ["rejected", "accepted"]
    assert rows(sink.book, "SELECT rule, key FROM rejections") == [("misrouted", b"\xff\x00")]


# ---- figures


def test_an_entity_continues_in_a_later_batch(sink: BookSink) -> None:
    sink.post(batch(0, modified()))
    assert rows(sink.book, "SELECT reason FROM unmatched") == ["registration_missing"] * 2
    sink.post(batch(1, registered()))
    assert rows(sink.book, "SELECT reason FROM unmatched") == []
    sink.post(batch(2, cancelled()))
    totals = "SELECT kind, amount FROM totals WHERE industry = 'ALL' AND basis = 'recorded' ORDER BY kind"
    assert rows(sink.book, totals) == [
        ("pledge_cancellations", "1500.00"),
        ("pledge_changes", "500.00"),
        ("pledges", "1000.00"),
    ]


def test_the_postings_of_a_record_have_its_offset(sink: BookSink) -> None:
    sink.post(batch(0, registered(), corrected(registered(), secured=money("7.00"))))
    amounts = "SELECT \"offset\", amount FROM {} WHERE industry = 'ALL'"
    assert rows(sink.book, amounts.format("lineage")) == [(0, "1000.00"), (1, "-993.00")]
    assert rows(sink.book, amounts.format("lineage_recorded")) == [(0, "1000.00")]


def test_totals_carry_and_borrow_between_their_two_halves(sink: BookSink) -> None:
    total = "SELECT amount_minor FROM totals WHERE industry = 'ALL' AND basis = 'corrected'"
    sink.post(batch(0, registered(secured=money("999999999999", "JPY"))))
    for offset, amount in enumerate(["1000000000000", "999999999999", "0", "1000000000000000", "1"], start=1):
        sink.post(batch(offset, corrected(registered(), f"k{offset}", secured=money(amount, "JPY"))))
        assert rows(sink.book, total) == [int(amount)]
    sink.post(batch(6, voided(registered())))
    assert rows(sink.book, total) == []


@pytest.mark.slow
def test_no_sum_overflows_a_total(sink: BookSink) -> None:
    """9,300 pledges of 10^15 yen exceed 64 bits."""
    at_home = (name for name in map("P{}".format, count()) if partition(name) == HOME)
    pledges = [
        registered(subject=subject, secured=money("1000000000000000", "JPY")) for subject in islice(at_home, 9300)
    ]
    for start in range(0, 9300, 3100):
        records = [record(start + i, pledge) for i, pledge in enumerate(pledges[start : start + 3100])]
        sink.post(Batch(PLEDGE, HOME, start, start + 3100, records))
    digits = "9300000000000000000"
    shown = [("ALL", 9300, digits, digits), ("AI", 9300, digits, digits)]
    assert rows(sink.book, "SELECT industry, pledges, amount, amount_minor FROM pledge_stock") == shown
    totals = (
        "SELECT industry, events, amount, amount_minor FROM totals WHERE basis = 'corrected' ORDER BY industry DESC"
    )
    assert rows(sink.book, totals) == shown
    sink.post(Batch(PLEDGE, HOME, 9300, 9301, [record(9300, voided(pledges[0]))]))
    assert rows(sink.book, totals)[0] == ("ALL", 9299, "9299000000000000000", "9299000000000000000")


def test_earlier_events_are_found_by_an_index(book: Book) -> None:
    plan = [row[-1] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {EARLIER}", ("[]", 1, 0))]
    assert "SEARCH record USING INDEX record_by_subject (subject=? AND topic=? AND partition=?)" in plan


def of_many(start: int, make: Callable[[str], Event], subjects: int = 12) -> Batch:
    """Return a batch with an event about each of several subjects of one partition."""
    names = islice((name for name in map("P{}".format, count()) if partition(name) == HOME), subjects)
    records = [record(start + index, make(name)) for index, name in enumerate(names)]
    return Batch(PLEDGE, HOME, start, start + subjects, records)


def test_memory_does_not_grow_with_the_number_of_large_subjects(sink: BookSink) -> None:
    assets = [asset(id=f"CN{number}") for number in range(1000)]
    sink.post(of_many(0, lambda name: registered(subject=name, assets=assets)))
    peaks = []
    for start, subjects in ((12, 1), (13, 12)):
        tracemalloc.start()
        sink.post(of_many(start, lambda name: modified(f"m{start}", name), subjects))  # noqa: B023
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0], peaks
    assert outcomes(sink.book) == ["accepted"] * 25


def test_rows_of_too_much_memory_are_written_in_halves(sink: BookSink, tmp_path: Path) -> None:
    batches = [
        of_many(0, lambda name: registered(subject=name)),
        of_many(12, lambda name: modified(subject=name)),
        of_many(24, lambda name: cancelled(subject=name)),
        replace(of_many(36, lambda name: cancelled(subject=name)), end=50),
    ]
    patents = Batch(PATENT, HOME, 0, 1, [record(0, granted(subject="P1"), b"P1")])
    new_book(tmp_path / "other.db")
    with Book(tmp_path / "other.db", writable=True) as other:
        small = BookSink(other, most=1)
        for one, transactions in zip(batches, [12, 12, 12, 1], strict=True):  # duplicates add no rows of entities
            commits: list[None] = []
            assert small.post_all([one], lambda: commits.append(None)) == [sink.post(one)] == [PostResult.POSTED]  # noqa: B023
            assert len(commits) == transactions
            assert sum((Counter(part.counts) for part in small.posted), Counter()) == +Counter(sink.posted[0].counts)
        with Book(other.path, writable=True) as faster:
            BookSink(faster).post(patents)
        following = of_many(50, lambda name: modified("m2", name))
        assert small.post_all([patents, following]) == [PostResult.BEHIND, PostResult.POSTED]
        assert {part.batch.topic for part in small.posted} == {PLEDGE}
        sink.post_all([patents, following])
        assert content(other) | {"meta": []} == content(sink.book) | {"meta": []}


@pytest.mark.slow
def test_memory_for_a_subject_grows_with_accepted_events_only(sink: BookSink) -> None:
    large = registered(assets=[asset(id=f"CN{i}") for i in range(1000)])
    sink.post(batch(0, large))
    peaks = []
    for number in range(1, 21):
        tracemalloc.start()
        sink.post(batch(number, corrected(large, f"k{number}", occurred_on=f"2023-05-{number:02}")))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[-1] < 1.3 * peaks[2], peaks
