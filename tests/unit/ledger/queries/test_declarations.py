"""The views: their declared columns and texts, on every SQLite that readers may have."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.views import VIEWS
from ledger.views.view import View
from schemas.catalogue import example_of
from schemas.events import EVENT_TYPES, Role
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch
from tests.books import new_book
from tests.each_case import each_case
from tests.events import TOPIC_PARTITIONS, granted, record
from tests.unit.ledger.queries.conftest import with_a_life

AUDITORS = Path(__file__).parents[4] / "docs" / "auditors.md"
OLDEST_READER = (3, 40)
"""The oldest SQLite that the docs support for readers: that of Debian 12."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the book `whole`."""
    return tmp_path_factory.mktemp("whole") / "book.db"


@pytest.fixture(scope="module")
def whole(file: Path) -> Iterator[Book]:
    """Yield the same book at the end of 2024, with an example of every type of event, a tag that counts, and a release
    of the example's pledge that names no registration of the book."""
    new_book(file, views=True)
    with Book(file, writable=True) as book:
        _post_examples(with_a_life(book))
        yield book


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """Yield a book without events."""
    path = tmp_path_factory.mktemp("empty") / "book.db"
    new_book(path, views=True)
    with Book(path) as book:
        yield book


def _post_examples(book: Book) -> None:
    sink = BookSink(book)
    tag = example_of("ip.patent.tagged.v1") | {"id": "t1", "subject": example_of("ip.patent.granted.v1")["subject"]}
    tag["data"] = {"occurred_on": "2024-01-02", "tag": "sei", "tag_source": "declared"}
    release = example_of("ip.pledge.cancelled.v1") | {"id": "c2", "subject": "release"}
    release["data"] = release["data"] | {"occurred_on": "2024-06-28"}
    examples = [example_of(t.name) for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL]
    offer = example_of("ip.open_licence.declared.v1") | {"id": "o2", "subject": "offer"}
    offer["data"] = offer["data"] | {"patentees": [{"name": "Another owner"}]}
    citing = granted("g2", "US10999999B2", backward_cites=[offer["data"]["assets"][0]["id"]])
    for number, event in enumerate([*examples, tag, release, offer, citing]):
        topic = EVENT_TYPES[event["type"]].topic
        home = partition_of(event["subject"].encode(), TOPICS[topic].partitions)
        offset = sink.next_offset(topic, home)
        dated = record(offset, event)._replace(timestamp=1_735_603_200_000 + number)
        sink.post(Batch(topic, home, offset, offset + 1, [dated]))


def rows(book: Book, sql: str) -> list[tuple[Any, ...]]:
    return list(book.connection.execute(sql))


@each_case("view", VIEWS.values())
def test_a_view_has_the_columns_that_it_declares(view: View, whole: Book) -> None:
    declared = [column.name for column in view.columns]
    for sql in (f"SELECT * FROM {view.name}", view.on("corrected"), view.on("recorded")):
        cursor = whole.connection.execute(sql, {"as_of": 20241231} if ":as_of" in sql else {})
        assert [column[0] for column in cursor.description] == declared
        assert cursor.fetchone() is not None, "the test's book shows nothing here"


@each_case("name", VIEWS)
def test_a_view_of_an_empty_book_is_empty(name: str, empty: Book) -> None:
    own = {"positions": len(TOPIC_PARTITIONS), "weight_sets": 1}  # the ledger's own weights need no event
    assert len(rows(empty, f"SELECT * FROM {name}")) == own.get(name, 0)


@each_case("view", VIEWS.values())
def test_a_view_explains_itself(view: View) -> None:
    assert VIEWS[view.name] is view
    assert 3 < len(view.formula.split()) <= 60
    assert view.formula.startswith("Each row "), "a sentence that says what a row is"
    assert all(rule.endswith(".") for rule in (view.formula, *view.details))
    assert [column.name for column in view.columns if not column.unit or len(column.meaning) < 6] == []
    assert len({column.name for column in view.columns}) == len(view.columns)


def answers(ask: Callable[[str], Iterable[Any]], names: Iterable[str]) -> dict[str, list[str]]:
    """Return the rows that a client of SQLite reads in each view."""
    return {name: sorted(map(repr, map(tuple, ask(f"SELECT * FROM {name}")))) for name in names}


@pytest.fixture
def defined(whole: Book) -> list[str]:
    """Return the names of all views of a book, on both bases."""
    return [name for (name,) in rows(whole, "SELECT name FROM sqlite_schema WHERE type = 'view'")]


@pytest.mark.skipif(sqlite3.sqlite_version_info[:2] > OLDEST_READER, reason="Python's own SQLite is not the oldest")
def test_the_oldest_supported_sqlite_reads_the_views(whole: Book, file: Path, defined: list[str]) -> None:
    assert f"SQLite {'.'.join(map(str, OLDEST_READER))} or newer" in AUDITORS.read_text()
    with closing(sqlite3.connect(file)) as theirs:
        assert answers(theirs.execute, defined) == answers(whole.connection.execute, defined)


def test_the_newest_sqlite_reads_the_views(whole: Book, file: Path, defined: list[str]) -> None:
    """SQLite limits the tables of an expanded statement to the depth of an expression; half of it is enough here."""
    with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as theirs:
        most = theirs.limit(apsw.SQLITE_LIMIT_EXPR_DEPTH, -1)
        theirs.limit(apsw.SQLITE_LIMIT_EXPR_DEPTH, most // 2)
        assert answers(theirs.execute, defined) == answers(whole.connection.execute, defined)
