"""The book keeps, cites and continues to use the industry map that it was folded with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book, create_book
from ledger.book.errors import BookDamaged
from ledger.book.sink import BookSink
from ledger.cli import main
from ledger.commands.context import BadMap, load_map
from ledger.commands.exit_codes import Exit, exit_code
from ledger.queries.totals import totals
from schemas.industry import SHIPPED, read_map
from streams.batch import Batch
from tests.books import compared
from tests.events import LOG, PATENT, TOPIC_PARTITIONS, Event, corrected, granted, partition, record
from tests.maps import ROBOTS, SHIPPED_TEXT

MAP = read_map(ROBOTS)
ROBOT = "B25J0009160000"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return an empty book with another map."""
    create_book(tmp_path / "other.db", LOG, dict.fromkeys(TOPIC_PARTITIONS, 0), MAP)
    return tmp_path / "other.db"


def post_event(book: Path, offset: int, event: Event) -> None:
    """Open the book as a worker does, and post one event of a patent."""
    number = partition(event["subject"])
    with Book(book, writable=True) as opened:
        BookSink(opened).post(Batch(PATENT, number, offset, offset + 1, [record(offset, event)]))


def grants(book: Path) -> dict[str, int]:
    with Book(book) as opened:
        answer = totals(opened, by=("industry",))
        return {row["industry"]: row["events"] for row in answer.rows_as_dicts() if row["kind"] == "grants"}


def change(book: Path, sql: str, *values: Any) -> None:
    with Book(book, writable=True) as opened:
        opened.connection.execute(sql, values)


def test_a_new_book_has_the_shipped_map(book: Book) -> None:
    assert book.meta["industry_map"] == SHIPPED.cited == "1.0.0"
    assert book.industry_map is SHIPPED
    (rules,) = book.connection.execute("SELECT count(*) FROM industry_rule").fetchone()
    assert rules == len(SHIPPED.rules)


def test_a_book_with_another_map_returns_it(other: Path) -> None:
    with Book(other) as book:
        assert book.meta["industry_map"] == MAP.cited
        assert book.industry_map == MAP


def test_a_worker_uses_the_map_of_its_book(book: Book, other: Path) -> None:
    for path in (book.path, other):
        post_event(path, 0, granted(ipc=["A61K0039395000"]))
        assert grants(path) == {"BIOPHARM": 1}
        post_event(path, 1, corrected(granted(), ipc=[ROBOT]))
    assert grants(book.path) == {"ADVMFG": 1}
    assert grants(other) == {"AI": 1}


def test_books_with_two_maps_have_different_digests(book: Book, other: Path) -> None:
    assert compared(book.path, book.path)[1] != compared(other, other)[1]
    assert [found.table for found in compared(book.path, other)[2]] == ["industry_rule", "meta"]


def test_a_map_that_was_changed_in_the_book_is_damage(other: Path) -> None:
    change(other, "UPDATE industry_rule SET industry = 4 WHERE prefix = 'B25J' AND layer = 'override'")
    with Book(other) as book:
        assert book.industry_map.version == MAP.version
        assert book.industry_map.cited != book.meta["industry_map"]


def test_a_rule_in_the_book_that_names_no_industry_is_damage(other: Path) -> None:
    change(other, "UPDATE industry_rule SET industry = 1003 WHERE prefix = 'A01'")
    with Book(other) as book, pytest.raises(BookDamaged, match="a rule of its industry map has an unknown industry"):
        _ = book.industry_map


def test_a_map_is_given_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "map.csv"
    file.write_text(ROBOTS, "utf-8")
    assert load_map(file) == MAP
    file.write_text(SHIPPED_TEXT, "utf-8")
    assert load_map(file) is load_map(None) is SHIPPED


@pytest.mark.parametrize(
    ("content", "reason"),
    [(ROBOTS.encode("utf-16"), "can't decode"), (b"# version: 2.0.0\nA01\n", "line 2: the columns")],
)
def test_a_file_that_is_not_a_map_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "map.csv"
    file.write_bytes(content)
    with pytest.raises(BadMap, match=rf"{file} cannot be used: .*{reason}") as refused:
        load_map(file)
    assert exit_code(refused.value) is Exit.UNUSABLE


@pytest.mark.parametrize(("content", "code"), [(b"# version: 2.0.0\n", Exit.UNUSABLE), (None, Exit.USAGE)])
def test_an_unreadable_map_creates_no_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, code: Exit
) -> None:
    file = tmp_path / "map.csv"
    if content is not None:
        file.write_bytes(content)
    words = ["ip-ledger", "replay", "--book", str(tmp_path / "new.db"), "--industry-map", str(file)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert not (tmp_path / "new.db").exists()
