"""Two books: one pledge's life, one grant, and a second pledge without an amount; and a synthetic market."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from streams.batch import Batch
from tests.events import (
    PATENT,
    PLEDGE,
    Event,
    asset,
    cancelled,
    granted,
    modified,
    money,
    partition,
    record,
    registered,
)
from tests.posting import new_market

HOME = partition("P1")
TWO = [asset(appraised=money("1")), asset("H01L0021020000", "design", appraised=money("2"))]
LIFE: list[Event | bytes] = [
    registered(assets=TWO),
    modified(),
    cancelled(),
    modified("m2"),
    b"{",
    registered(assets=TWO),
    registered("r2", secured=..., occurred_on="2022-03-01") | {"subject": "P1", "source": "urn:bank:1"},
    registered(),
]


@pytest.fixture
def posted(book: Book) -> Book:
    """Return a book of one pledge's life, one grant, and a second pledge without an amount."""
    return with_a_life(book)


def with_a_life(book: Book) -> Book:
    """Post one pledge's life, one grant, and a second pledge without an amount."""
    sink = BookSink(book)
    records = [record(offset, event, b"P1") for offset, event in enumerate(LIFE)]
    sink.post(Batch(PLEDGE, HOME, 0, len(records) + 1, records))
    sink.post(Batch(PATENT, partition("US10000000B2"), 0, 1, [record(0, granted(region=...))]))
    other = registered(subject="P3", secured=..., assets=[asset()], occurred_on="2024-05-01")
    sink.post(Batch(PLEDGE, partition("P3"), 0, 1, [record(0, other)]))
    return book


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book of synthetic events of every type, for tests that only read it."""
    return new_market(tmp_path_factory.mktemp("market") / "book.db", 3_000, 7)
