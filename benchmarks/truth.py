"""The expected totals of every peer: from the naive fold of the tests, without book and Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.book.book import Book
from ledger.independent.fold import totals_of
from streams.synthetic.pledges import generate_pledges

Totals = dict[tuple[Any, ...], tuple[int, int, int]]
"""(basis, kind, year, region, right, industry, currency) -> (events, events with an amount, minor units)."""


class WrongTotals(Exception):
    """The totals of a peer differ from those of its events."""


@dataclass(frozen=True)
class Events:
    """The synthetic events [start, end) of a seed."""

    seed: int
    start: int
    end: int

    def __iter__(self) -> Iterator[bytes]:
        # a copy: bytes from orjson keep their whole buffer, several times the line
        for line in islice(generate_pledges(self.end, self.seed), self.start, None):
            yield bytes(memoryview(line))

    def __len__(self) -> int:
        return self.end - self.start


def truth(events: Events) -> Totals:
    """Return the expected totals of a log with exactly these events."""
    return {
        (basis, *key): (figures.events, figures.with_amount, figures.amount)
        for basis, totals in totals_of(events).items()
        for key, figures in totals.items()
    }


def totals(path: Path) -> Totals:
    """Return the totals of a book."""
    with Book(path) as book:
        rows = book.connection.execute(
            'SELECT basis, kind, year, region, "right", industry, currency, events, with_amount, amount_minor'
            " FROM totals"
        )
        return {tuple(row[:7]): (row[7], row[8], int(row[9] or 0)) for row in rows}


def require_true(peer: str, path: Path, wanted: Totals) -> None:
    """Raise WrongTotals unless the book has exactly these totals."""
    found = totals(path)
    untrue = [key for key in sorted(found.keys() | wanted.keys(), key=str) if found.get(key) != wanted.get(key)]
    if untrue:
        examples = ", ".join(f"{key}: {found.get(key)}, not {wanted.get(key)}" for key in untrue[:20])
        with Book(path) as book:
            raise WrongTotals(f"{len(untrue)} totals of {peer} are wrong: {examples}; the book has {book.positions()}")
