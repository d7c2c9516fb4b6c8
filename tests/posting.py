"""Histories in a few words: events of any type, posted to a book in the order in which they are told."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.queries.filters import Filter
from ledger.queries.view import view as ask_view
from schemas.catalogue import example_of
from schemas.events import EVENT_TYPES
from schemas.models import DATA
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch
from tests.events import Event, event, record, value_of


def event_on(stem: str, subject: str, occurred_on: str, **data: Any) -> Event:
    """An event such as `patent.ceased`, about a subject, on a day; fields that it needs and that are not given are
    those of the catalogue's example, `...` leaves one out. Its id follows from what it says."""
    example = example_of(f"ip.{stem}.v1")["data"]
    needed = DATA[EVENT_TYPES[f"ip.{stem}.v1"].number].model_fields
    said = {name: example[name] for name in example if needed[name].is_required()} | {"occurred_on": occurred_on}
    whole = {name: value for name, value in (said | data).items() if value is not ...}
    told = event(f"ip.{stem}.v1", whole, subject=subject)
    return told | {"id": sha256(value_of(told)).hexdigest()[:32]}


def post(book: Book, *events: Event) -> None:
    """Post events to a book, each at the end of its own partition; those of one partition in this order."""
    sink = BookSink(book)
    ends = {(place.topic, place.partition): place.next for place in book.positions()}
    for (topic, partition), told in groupby(sorted(events, key=_place), _place):
        start = ends[topic, partition]
        records = [record(offset, said) for offset, said in enumerate(told, start)]
        ends[topic, partition] = start + len(records)
        sink.post(Batch(topic, partition, start, ends[topic, partition], records))
    assert book.connection.execute("SELECT path, reason, arguments FROM rejection").fetchall() == []


def shown(book: Book, view: str, *columns: str, as_of: int | None = None, recorded: bool = False, **where: str) -> Any:
    """These columns of a view's rows: tuples, or the bare values of one column."""
    filters = [Filter.exactly(column, value) for column, value in where.items()]
    day = None if as_of is None else date(as_of // 10_000, as_of // 100 % 100, as_of % 100)
    answer = ask_view(book, view, basis="recorded" if recorded else "corrected", as_of=day, filters=filters)
    rows = answer.shown_as_dicts()
    return [row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns) for row in rows]


def _place(said: Event) -> tuple[str, int]:
    topic = EVENT_TYPES[said["type"]].topic
    return topic, partition_of(said["subject"].encode(), TOPICS[topic].partitions)
