"""Post events of any type to a book without a broker, and read its views."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
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
from streams.synthetic.market import generate_all
from tests.books import new_book, opened
from tests.events import Event, event, record, value_of


def event_on(stem: str, subject: str, occurred_on: str, **data: Any) -> Event:
    """Return an event such as `patent.ceased` about a subject, dated on a day.

    Required fields that are not given come from the catalogue's example; `...` omits one. The id is a hash of the
    content.
    """
    example = example_of(f"ip.{stem}.v1")["data"]
    needed = DATA[EVENT_TYPES[f"ip.{stem}.v1"].number].model_fields
    required = {name: example[name] for name in example if needed[name].is_required()} | {"occurred_on": occurred_on}
    whole = {name: value for name, value in (required | data).items() if value is not ...}
    without_id = event(f"ip.{stem}.v1", whole, subject=subject)
    return without_id | {"id": sha256(value_of(without_id)).hexdigest()[:32]}


def post(book: Book, *events: Event) -> None:
    """Post events to a book, each at the end of its own partition, in this order."""
    sink = BookSink(book)
    ends = {(position.topic, position.partition): position.next for position in book.positions()}
    for (topic, partition), group in groupby(sorted(events, key=_topic_partition), _topic_partition):
        start = ends[topic, partition]
        records = [record(offset, each) for offset, each in enumerate(group, start)]
        ends[topic, partition] = start + len(records)
        sink.post(Batch(topic, partition, start, ends[topic, partition], records))
    assert book.connection.execute("SELECT path, reason, arguments FROM rejection").fetchall() == []


def new_market(path: Path, events: int, seed: int) -> Path:
    """Write a new book of synthetic events of every type; return its path."""
    new_book(path)
    with opened(path) as book:
        post(book, *map(json.loads, generate_all(events, seed)))
    return path


def shown(book: Book, view: str, *columns: str, as_of: int | None = None, recorded: bool = False, **where: str) -> Any:
    """Return these columns of a view's rows: tuples, or bare values if there is one column."""
    filters = [Filter.exactly(column, value) for column, value in where.items()]
    day = None if as_of is None else date(as_of // 10_000, as_of // 100 % 100, as_of % 100)
    answer = ask_view(book, view, basis="recorded" if recorded else "corrected", as_of=day, filters=filters)
    rows = answer.shown_as_dicts()
    return [row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns) for row in rows]


def _topic_partition(event: Event) -> tuple[str, int]:
    topic = EVENT_TYPES[event["type"]].topic
    return topic, partition_of(event["subject"].encode(), TOPICS[topic].partitions)
