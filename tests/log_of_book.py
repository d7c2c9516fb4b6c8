"""A log for tests of publishing without brokers: it posts each event to a book at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from ledger.book.book import Book
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.producer import Receipt
from tests.books import opened
from tests.events import Event
from tests.posting import post
from tests.processes import wait_until


class LogOfBook:
    """Takes the place of the server's publisher."""

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
    places = {(place.topic, place.partition): place.next for place in book.positions()}
    post(book, event)
    return Receipt(topic, partition, places[topic, partition])


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of the loopback in a thread; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, lambda: "the server does not start")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
