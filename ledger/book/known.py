"""Knowledge at a past position: find the position of a time, and read the book as it was there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from ledger.book.book import Book, Reached
from ledger.book.connection import translated_errors
from ledger.book.past import PastBook
from ledger.book.position import parse_position
from schemas.errors import UsageError
from schemas.topics import TOPICS, TopicPartition

START, _NOW = "start", "now"
"""The first offsets of a book, and its present position."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIMESTAMP = """SELECT timestamp FROM record WHERE topic = ? AND partition = ? AND "offset" <= ?
  ORDER BY "offset" DESC LIMIT 1"""


class BadMoment(UsageError):
    """{text!r} is neither a position nor a time. Write topic:partition=offset,..., as every answer cites it; a day as
    YYYY-MM-DD (to its end in UTC); or a time with its zone as 2026-11-29T22:00:00Z."""


def as_known(book: Book, at: str | None) -> Book:
    """Return the book at a position or time, or itself without one. Raise BadMoment, BadPosition, BeyondBook."""
    return book if at is None else PastBook(book, position_at(book, at))


def as_moved(book: Book, since: str) -> PastBook:
    """Return a book with its postings since an earlier position or time: see `PastBook`. Raise BadMoment, BadPosition,
    BeyondBook, NotBefore."""
    present = book.present if isinstance(book, PastBook) else book
    return PastBook(present, _offsets(book), position_at(book, since))


def position_at(book: Book, at: str) -> dict[TopicPartition, int]:
    """Return the position of a text: a position, a time, `start` or `now`. Raise BadMoment, BadPosition."""
    if "=" in at:
        return parse_position(at)
    if at in (START, _NOW):
        return _offsets(book) if at == _NOW else {}
    until = parse_moment(at)
    with translated_errors(book.path):
        return {(held.topic, held.partition): _passed(book, held, until) for held in book.reached()}


def _offsets(book: Book) -> dict[TopicPartition, int]:
    return {(held.topic, held.partition): held.next for held in book.reached()}


def parse_moment(text: str) -> int:
    """Return the last millisecond (since 1970 UTC) of a day, or of a time with its zone. Raise BadMoment."""
    try:
        if _DAY(text):
            end = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) + timedelta(days=1)
            return (end - _EPOCH) // _MILLISECOND - 1
        return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND
    except (ValueError, TypeError, OverflowError) as error:  # without a zone: TypeError
        raise BadMoment(text=text) from error


def _passed(book: Book, held: Reached, until: int) -> int:
    """Return an offset at which the timestamps of a partition pass a time: that of the record before it is not later,
    that of the record at it is.

    Producers set timestamps, so they may go back, and there may be several such offsets. The steps of the search do not
    depend on where the book ends, so that later records change no answer.
    """
    topic, offset = TOPICS[held.topic].number, held.first
    step = 1 << (held.next - held.first).bit_length()
    while step := step >> 1:
        if offset + step <= held.next:
            row = book.connection.execute(_TIMESTAMP, (topic, held.partition, offset + step - 1)).fetchone()
            if row is None or row[0] <= until:
                offset += step
    return offset
