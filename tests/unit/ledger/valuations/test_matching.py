"""Matches: citing owners first, then needs and grants by shared words, in both directions, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.queries.masking import Mask
from ledger.valuations.matching import NothingToMatch, matches
from tests.books import new_book, opened
from tests.deals import patent
from tests.events import Event, asset, voided
from tests.posting import event_on, post

BATTERY, CLOCK = "H01M0010056200", "G04B0001000000"
DAY = date(2024, 6, 30)


def need(name: str, text: str, **data: Any) -> Event:
    seeker = {"name": f"Seeker of {name}"}
    return event_on("need.published", name, "2024-02-01", text=text, **{"seeker": seeker, **data})


def offer(name: str, *numbers: int, **data: Any) -> Event:
    assets = [asset(id=f"CN{number}") for number in numbers]
    return event_on("open_licence.declared", name, "2024-01-05", assets=assets, patentees=[{"name": "O1"}], **data)


def grant(number: int, title: str, symbol: str, **data: Any) -> Event:
    return patent(number, title=title, ipc=[symbol], **data)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        post(
            book,
            grant(1, "Solid electrolyte for a battery", BATTERY),
            grant(2, "Escapement of a clock", CLOCK, applicants=[{"name": "O1"}]),
            grant(3, "Battery with a solid electrolyte", BATTERY),
            grant(4, "Battery of O1", BATTERY, applicants=[{"name": " o1 "}]),
            grant(5, "A wheel", CLOCK, backward_cites=["CN1"]),
            grant(6, "Battery", BATTERY, applicants=[{"name": "o3"}]),
            offer("OL-1", 1, 2),
            need("N-battery", "solid electrolytes for batteries", codes=["H01M"]),
            need("N-clock", "an escapement"),
        )
        yield book


def found(book: Book, subject: str, *names: str) -> list[tuple[Any, ...]]:
    rows = matches(book, subject, as_of=DAY).shown_as_dicts()
    return [tuple(row[name] for name in names) for row in rows]


def test_a_patent_on_offer_has_prospects_with_their_evidence(book: Book) -> None:
    assert found(book, "CN1", "how", "party", "found", "shared") == [
        ("citation", "O5", "CN5", None),
        ("need", "Seeker of N-battery", "N-battery", "H01M, solid"),
        ("grant", "O3", "CN3", "H01M 10/0562, electrolyte, battery, solid"),
    ]
    scores = [row[0] for row in found(book, "CN1", "score")]
    assert scores[0] is None
    assert min(scores[1:]) > 0


def test_an_open_licence_has_the_matches_of_all_its_patents(book: Book) -> None:
    assert set(found(book, "OL-1", "patent", "found")) >= {("CN1", "N-battery"), ("CN2", "N-clock")}


def test_a_need_finds_the_nearest_patents_on_offer(book: Book) -> None:
    assert found(book, "N-battery", "how", "patent", "found", "party") == [("offer", "CN1", "OL-1", "O1")]
    assert found(book, "N-clock", "patent") == [("CN2",)]
    assert found(book, "", "patent") == [("CN1",), ("CN2",)]


def test_ended_offers_and_needs_do_not_match(book: Book) -> None:
    late = need("N-late", "solid", valid_to="2024-06-29")
    post(book, late, need("N-void", "solid"), need("N-later", "solid", codes=None) | {"id": "later"})
    post(book, voided(need("N-void", "solid")), event_on("open_licence.withdrawn", "OL-1", "2024-06-01"))
    assert [row[0] for row in found(book, "CN1", "found") if row[0].startswith("N-")] == ["N-battery", "N-later"]
    assert found(book, "N-battery", "patent") == []
    assert [row[0] for row in found(book, "CN1", "how") if row[0] == "citation"] == []


def test_texts_with_the_same_words_are_near(book: Book) -> None:
    post(book, *(need(f"N-{number}", "solid electrolytes for batteries", codes=["H01M"]) for number in range(3)))
    scores = [row[1] for row in found(book, "CN1", "how", "score") if row[0] == "need"]
    assert len(scores) == 4
    assert len(set(scores)) == 1
    assert scores[0] > 100_000


def test_what_the_book_does_not_know_is_no_subject(book: Book) -> None:
    with pytest.raises(NothingToMatch, match="CN404"):
        matches(book, "CN404", as_of=DAY)


def test_names_are_hidden_in_every_sort_of_match(book: Book) -> None:
    plain = found(book, "CN1", "how", "party", "found")
    book.mask = Mask()
    hidden = found(book, "CN1", "how", "party", "found")
    assert [(row[0], row[2]) for row in hidden] == [(row[0], row[2]) for row in plain]
    assert [row[1] for row in hidden] == [book.mask.pseudonym(row[1]) for row in plain]
