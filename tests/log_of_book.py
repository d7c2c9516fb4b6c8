"""A log for tests of publishing without brokers: it posts each event to a book at once."""

from __future__ import annotations

import json
from pathlib import Path

from ledger.book.book import Book
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.producer import Receipt
from tests.books import opened
from tests.events import Event
from tests.posting import post


class LogOfBook:
    """Replaces the server's publisher."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def publish(self, values: list[bytes]) -> list[Receipt]:
        """Post the events, and return the place of each."""
        with opened(self._path) as book:
            return [_posted(book, json.loads(value)) for value in values]

    def close(self) -> None:
        """Do nothing: the book is closed after each call."""


def _posted(book: Book, event: Event) -> Receipt:
    topic = EVENT_TYPES[event["type"]].topic
    partition = partition_of(event["subject"].encode(), TOPICS[topic].partitions)
    ends = {(position.topic, position.partition): position.next for position in book.positions()}
    post(book, event)
    return Receipt(topic, partition, ends[topic, partition])
