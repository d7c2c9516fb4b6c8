"""The whole Shanghai example, posted to a book without a broker: high-value patents per 10,000 residents."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.figures.reconcile import compared
from tests.shanghai import constructed, post, published


@pytest.mark.long
def test_40_9_for_10_000_residents_follow_from_338_476_events(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    post(path, [*published(), *constructed()])
    with Book(path) as book:
        assert book.connection.execute("SELECT outcome, count(*) FROM journal GROUP BY 1").fetchall() == [
            ("accepted", 338_476 + len(published()))
        ]
        assert book.connection.execute("SELECT count(*) FROM waiting").fetchone() == (0,)
        (row,) = compared(book, about="2022: 40.9").rows
    assert (row["exact"], row["rounded"], row["verdict"]) == ("40.8928952", "40.9", "equal_after_rounding")
    made_of = {"in_force": 201_920, "high_value": 101_800, "population": 24_894_300, "population_as_of": "2021-12-31"}
    assert made_of.items() <= row["inputs"].items()
