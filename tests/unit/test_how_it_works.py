"""The worked example of docs/how-it-works.md: the book gives the rows that the page shows."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.queries.totals import totals
from ledger.queries.view import view
from tests.books import new_book, opened
from tests.posting import post

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^\$ ip-ledger (.*)\n```\n\n```text\n((?:[^`\n]*\n)*)```$", re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    """Return (words after `ip-ledger`, table below) of each answer on the page."""
    return SHOWN.findall((ROOT / "docs" / "how-it-works.md").read_text("utf-8"))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return a book of the three events."""
    path = tmp_path / "book.db"
    new_book(path)
    book = opened(path)
    post(book, *map(json.loads, (ROOT / "examples" / "three-events.ndjson").read_text("utf-8").splitlines()))
    return book


def test_the_page_has_all_five_answers() -> None:
    assert [words.split()[0] for words, _ in examples()] == ["view", "view", "totals", "totals", "view"]


@pytest.mark.parametrize(("words", "table"), examples())
def test_an_answer_agrees_with_the_page(book: Book, words: str, table: str) -> None:
    columns, _, *rows = [line.replace(",", "").split() for line in table.splitlines()]
    assert [[str(row[column]) for column in columns] for row in asked(book, shlex.split(words))] == rows
    book.close()


def test_rows_of_the_subject_are_the_same_in_a_book_with_other_events(book: Book) -> None:
    other = json.loads((ROOT / "examples" / "three-events.ndjson").read_text("utf-8").splitlines()[0])
    before = [asked(book, shlex.split(words)) for words, _ in examples() if "subject=" in words]
    post(book, other | {"id": "other", "subject": "pledge-8"})
    assert [asked(book, shlex.split(words)) for words, _ in examples() if "subject=" in words] == before
    assert len(before) == 2
    book.close()


def asked(book: Book, words: list[str]) -> list[dict[str, object]]:
    """Return the rows that a command gives."""
    options = dict(pairwise(words))
    filters = [word for word in words if word.startswith("subject=")]
    basis = "recorded" if "--recorded" in words else "corrected"
    if words[0] == "totals":
        return totals(book, options["--kind"], options["--by"].split(","), basis=basis).shown_as_dicts()
    day = date.fromisoformat(options["--as-of"]) if "--as-of" in options else None
    return view(book, words[1], basis=basis, as_of=day, filters=filters).shown_as_dicts()
