"""Pages: all rows, each once, in a total order, also while rows are added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.queries.answer import Answer
from ledger.queries.paging import BadCursor
from ledger.views import VIEWS
from tests.books import new_book, opened
from tests.each_case import each_case
from tests.events import granted_number
from tests.posting import post

pytestmark = pytest.mark.slow


def pages(book: Book, name: str, size: int, **choice: Any) -> list[Answer]:
    found = [queries.view(book, name, limit=size, after="", **choice)]
    while found[-1].next is not None:
        found.append(queries.view(book, name, limit=size, after=found[-1].next, **choice))
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_pages_have_all_rows_of_a_view(market: Path, name: str) -> None:
    with queries.open(market) as book:
        whole = queries.view(book, name).shown
        size = max(7, len(whole) // 5)
        found = pages(book, name, size)
    rows = [row for page in found for row in page.shown]
    assert all(len(page.shown) == size for page in found[:-1])
    assert sorted(map(repr, rows)) == sorted(map(repr, whole))


@pytest.mark.parametrize(
    "sort", [["-amount", "currency"], ["currency"], ["-currency", "amount_minor"], ["date", "-id"]]
)
def test_pages_keep_the_order_that_was_asked_for(market: Path, sort: list[str]) -> None:
    names = [name.removeprefix("-") for name in sort]
    with queries.open(market) as book:
        whole = queries.view(book, "lineage", sort=sort, columns=names).shown
        size = len(whole) // 6
        rows = [row for page in pages(book, "lineage", size, sort=sort, columns=names) for row in page.shown]
    assert rows == list(whole)


def test_equal_rows_are_all_returned(market: Path) -> None:
    with queries.open(market) as book:
        whole = queries.view(book, "journal", columns=["outcome"]).shown
        rows = [row for page in pages(book, "journal", 400, columns=["outcome"]) for row in page.shown]
    assert sorted(rows) == sorted(whole)


def test_totals_have_pages(market: Path) -> None:
    with queries.open(market) as book:
        whole = queries.totals(book, by=["industry", "year"])
        first = queries.totals(book, by=["industry", "year"], limit=100, after="")
        assert first.next
        second = queries.totals(book, by=["industry", "year"], limit=100, after=first.next)
    assert [*first.shown, *second.shown] == list(whole.shown[:200])


def test_rows_that_are_added_between_two_pages_shift_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    new_book(path)
    with opened(path) as writer, queries.open(path) as book:
        post(writer, *map(granted_number, range(10_000_010, 10_000_020)))
        first = queries.view(book, "patents", columns=["patent"], limit=4, after="")
        post(writer, granted_number(10_000_001))
        rest = queries.view(book, "patents", columns=["patent"], limit=99, after=first.next or "")
    assert [row[0] for row in (*first.shown, *rest.shown)] == [f"US{n}B2" for n in range(10_000_010, 10_000_020)]
    assert rest.next is None


@each_case("cursor", ["x", "eJw", "A" * 20_000, "eJyLVoqOjgUABMgBmQ"])
def test_a_text_that_is_no_cursor(market: Path, cursor: str) -> None:
    with queries.open(market) as book, pytest.raises(BadCursor):
        queries.view(book, "patents", after=cursor)


def test_a_cursor_of_another_order(market: Path) -> None:
    with queries.open(market) as book:
        cursor = queries.view(book, "patents", limit=2, after="").next
        assert cursor
        with pytest.raises(BadCursor):
            queries.view(book, "patents", after=cursor, sort=["-filed_on"])
