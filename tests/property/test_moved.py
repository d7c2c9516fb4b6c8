"""The totals that moved between two positions are the difference of two books, and the events between add up to it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import queries
from ledger.book.book import Book
from ledger.book.past import NotBefore
from ledger.queries.answer import Answer
from tests.effort import examples
from tests.events import PLEDGE, corrected, money, partition, registered, voided
from tests.posting import new_market, post

HOME = partition("P1")


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_market(tmp_path_factory.mktemp("moved") / "book.db", 900, 11)


def positions(book: Book, seed: int) -> tuple[str, str]:
    """Return two positions, one before the other."""
    draw = Random(seed)
    pairs = [(position, sorted(draw.randint(0, position.next) for _ in range(2))) for position in book.positions()]
    one, other = (
        ",".join(f"{position.topic}:{position.partition}={ends[n]}" for position, ends in pairs) for n in (0, 1)
    )
    return one, other


def totals_at(book: Book, at: str, basis: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Return events and minor units by kind, industry, year and currency, whole amounts too."""
    past = queries.as_known(book, at)
    found = {}
    for answer in (
        queries.totals(past, by=["industry", "year"], basis=basis),
        queries.totals(past, by=["year"], basis=basis),
    ):
        for row in answer.rows_as_dicts():
            key = (row["kind"], row.get("industry", "ALL"), row["year"], row["currency"])
            found[key] = (row["events"], row["amount_minor"] or 0)
    return found


def by_cell(answer: Answer, events: str, minor: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in answer.rows_as_dicts():
        cell = sums[row["kind"], row["industry"], row["year"], row["currency"]]
        cell[0] += row[events]
        cell[1] += row[minor] or 0
    return {key: (count, amount) for key, (count, amount) in sums.items() if count or amount}


@settings(max_examples=examples(15), deadline=None)
@given(seed=st.integers(0, 2**32), basis=st.sampled_from(["recorded", "corrected"]))
def test_totals_moved_by_the_events_in_between(market: Path, seed: int, basis: str) -> None:
    with queries.open(market) as book:
        one, other = positions(book, seed)
        before, after = (totals_at(book, at, basis) for at in (one, other))
        moved = queries.moved(queries.as_known(book, other), one, basis=basis)
        differences = {
            key: tuple(b - a for a, b in zip(before.get(key, (0, 0)), after.get(key, (0, 0)), strict=True))
            for key in {*before, *after}
        }
        wanted = {key: value for key, value in differences.items() if any(value)}
        assert by_cell(moved, "events_moved", "amount_moved_minor") == wanted
        assert by_cell(moved, "events_after", "amount_after_minor").items() <= after.items()
        events = queries.moved_by(queries.as_known(book, other), one, basis=basis)
        assert by_cell(events, "events", "amount_minor") == wanted
        assert (moved.position, moved.terms["since"]) == (events.position, events.terms["since"]) == (other, one)


def test_who_moved_a_total_and_by_which_correction(tmp_path: Path) -> None:
    path = new_market(tmp_path / "book.db", 0, 0)
    first, second = registered("r1", secured=money("100.00")), registered("r2", subject="P1", secured=money("5.00"))
    with Book(path, writable=True) as book:
        post(book, first)
        then = queries.totals(book).position
        post(book, corrected(first, "k1", secured=money("70.00"), region="CN-BJ"), voided(first, "v1"), second)
        (row,) = queries.moved(book, then, filters=["industry=ALL"]).shown_as_dicts()
        assert (row["events_before"], row["events_after"], row["amount_moved"]) == (1, 1, "-95.00")
        lines = queries.moved_by(book, then, filters=["industry=ALL"]).shown_as_dicts()
        assert [(line["id"], line["type"].split(".")[3], line["target"], line["amount"]) for line in lines] == [
            ("k1", "corrected", "r1", "70.00"),
            ("k1", "corrected", "r1", "-100.00"),
            ("v1", "voided", "r1", "-70.00"),
            ("r2", "v1", None, "5.00"),
        ]
        assert queries.moved(book, then, basis="recorded").shown == []
        (moved,) = queries.moved(book, then, filters=["industry=ALL", "region=CN-SH"]).shown_as_dicts()
        assert moved["events_moved"] == 0
        assert queries.moved(book, queries.totals(book).position).shown == []
        with pytest.raises(NotBefore, match=rf"after the second one in {PLEDGE}:{HOME}, 4 after 1"):
            queries.moved(queries.as_known(book, then), queries.totals(book).position)
