"""Recognising the log: each way in which it can differ from the log of the book."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.book.book import Book
from ledger.book.errors import (
    LogChanged,
    LogIncomplete,
    LogRewound,
    LogTrimmed,
    LogUnrecognised,
    OtherLog,
)
from ledger.book.recognition import firsts, recognise
from ledger.book.sink import BookSink
from schemas.topics import TopicPartition
from schemas.wording import Reason
from streams.batch import Batch, Record
from streams.log_identity import LogIdentity
from streams.reader import Bounds
from streams.shape import LogShapeDiffers, Shape
from tests.events import LOG, PLEDGE, TOPIC_PARTITIONS, modified, partition, record, registered

HOME = partition("P1")
HERE: TopicPartition = (PLEDGE, HOME)
LAST = record(1, modified())
WHOLE = Bounds(0, 3)
SHAPE = Shape()


@pytest.fixture
def posted(book: Book) -> Book:
    """Return a book with the records 0 and 1 of one partition, at position 3."""
    BookSink(book).post(Batch(*HERE, 0, 3, [record(0, registered()), LAST]))
    return book


def recognised(
    book: Book,
    here: Bounds = WHOLE,
    last: Record | None = LAST,
    log: LogIdentity = LOG,
    shape: Shape = SHAPE,
) -> list[tuple[str, int, int]]:
    """Recognise a log, and return the records that were looked up."""
    asked: list[tuple[str, int, int]] = []

    def record_at(topic: str, partition: int, offset: int) -> Record | None:
        asked.append((topic, partition, offset))
        return last

    before = book.connection.total_changes
    try:
        bounds = dict.fromkeys(TOPIC_PARTITIONS, Bounds(0, 0)) | {HERE: here}
        recognise(book, book.positions(), log, shape, bounds, record_at)
    finally:
        assert book.connection.total_changes == before
    return asked


@pytest.mark.parametrize("here", [WHOLE, Bounds(0, 99), Bounds(1, 3)])
def test_the_same_log_is_recognised_by_its_last_record(posted: Book, here: Bounds) -> None:
    """This includes a log that grew, and one that was trimmed below the last record."""
    assert recognised(posted, here) == [(*HERE, 1)]


def test_a_new_book_recognises_any_log(book: Book) -> None:
    assert recognised(book) == []


@pytest.mark.parametrize(
    ("log", "what"),
    [
        (replace(LOG, cluster_id="another"), "the cluster id was a cluster, now it is another"),
        (
            replace(LOG, topic_ids=LOG.topic_ids | {PLEDGE: "another"}),
            "the id of ip.pledge.v1 was id of ip.pledge.v1, now it is another",
        ),
        (replace(LOG, topic_ids={}), "the id of ip.pledge.v1 was id of ip.pledge.v1, now it is None"),
    ],
    ids=["cluster", "recreated-topic", "no-topic"],
)
def test_another_log_is_refused(posted: Book, log: LogIdentity, what: str) -> None:
    with pytest.raises(OtherLog, match=what):
        recognised(posted, log=log)


def test_a_widened_topic_and_a_log_of_another_shape_are_refused(posted: Book) -> None:
    wider = LOG.partitions | {PLEDGE: 8}
    with pytest.raises(LogShapeDiffers, match=r"ip.pledge.v1 has 8 partitions instead of 4"):
        recognised(posted, log=replace(LOG, partitions=wider))
    with pytest.raises(LogShapeDiffers, match=r"ip.pledge.v1 has 4 partitions instead of 8"):
        recognised(posted, shape=Shape(wider))
    with pytest.raises(OtherLog, match=r"the number of partitions of ip.pledge.v1 was 4, now it is 8"):
        recognised(posted, log=replace(LOG, partitions=wider), shape=Shape(wider))
    with pytest.raises(OtherLog, match=r"the size that a batch may unpack to was 67108864, now it is 1000"):
        recognised(posted, shape=Shape(unpacked_bytes=1000))


def test_a_log_that_ends_below_the_book_was_rewound(posted: Book) -> None:
    with pytest.raises(LogRewound, match=rf"ip.pledge.v1:{HOME} ends at offset 2.* the log lost \[2, 3\)"):
        recognised(posted, Bounds(0, 2))


def test_a_log_that_begins_above_the_book_was_trimmed(posted: Book) -> None:
    with pytest.raises(LogTrimmed, match=rf"ip.pledge.v1:{HOME} begins at offset 7.* the records \[3, 7\) are gone"):
        recognised(posted, Bounds(7, 9))


@pytest.mark.parametrize("first", [2, 3])
def test_a_log_without_the_last_record_cannot_be_recognised(posted: Book, first: int) -> None:
    with pytest.raises(LogUnrecognised, match=rf"{HOME}=1, is gone: the log begins at {first}"):
        recognised(posted, Bounds(first, 9))


@pytest.mark.parametrize("first", [0, 3, 4, 12])
def test_a_log_that_was_trimmed_within_an_unreadable_batch_is_recognised(posted: Book, first: int) -> None:
    unreadable = Record(3, 0, None, b"bytes", fault=Reason("batch_form", {"offsets": 10}), offsets=10)
    BookSink(posted).post(Batch(*HERE, 3, 13, [unreadable]))
    offset = max(first, 3)
    rest = unreadable._replace(offset=offset, offsets=13 - offset)
    assert recognised(posted, Bounds(first, 20), rest) == [(*HERE, offset)]
    with pytest.raises(LogChanged):
        recognised(posted, Bounds(first, 20), rest._replace(value=b"others"))
    with pytest.raises(LogUnrecognised):
        recognised(posted, Bounds(13, 20), rest)


@pytest.mark.parametrize("last", [record(1, registered()), Record(1, 0, b"P1", b""), Record(1, 0, b"P1", None), None])
def test_a_log_with_another_last_record_was_changed(posted: Book, last: Record | None) -> None:
    with pytest.raises(LogChanged, match=rf"The record at ip.pledge.v1:{HOME}=1 is not the one"):
        recognised(posted, last=last)


def test_a_last_record_without_a_value_is_recognised(posted: Book) -> None:
    empty = Record(3, 0, b"P1", None)
    BookSink(posted).post(Batch(*HERE, 3, 4, [empty]))
    assert recognised(posted, Bounds(0, 4), empty) == [(*HERE, 3)]


def test_a_new_book_begins_at_the_first_offset_of_each_partition() -> None:
    whole = dict.fromkeys(TOPIC_PARTITIONS, Bounds(0, 5))
    assert firsts(whole, from_earliest=False) == dict.fromkeys(TOPIC_PARTITIONS, 0)
    trimmed = whole | {HERE: Bounds(4, 9)}
    assert firsts(trimmed, from_earliest=True) == dict.fromkeys(TOPIC_PARTITIONS, 0) | {HERE: 4}
    with pytest.raises(LogIncomplete, match=rf"ip.pledge.v1:{HOME} begins at offset 4.*Use\s+--from-earliest"):
        firsts(trimmed, from_earliest=False)
