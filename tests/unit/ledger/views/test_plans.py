"""How SQLite finds its way: a question about one entity reads that entity's rows alone, in a book of any size."""

from __future__ import annotations

import pytest

from ledger.book.book import Book
from ledger.posting.rows import COLUMNS
from ledger.views import VIEWS
from ledger.views.view import on_basis

_WHOLE = ("posting", "record", *(table for table in COLUMNS if table != "policy"))
"""Tables that grow with the log; of policies there are few."""


def plan(book: Book, view: str, where: str = "true") -> list[str]:
    """Return how SQLite answers a question to a view's SQL."""
    sql = f"EXPLAIN QUERY PLAN SELECT * FROM ({on_basis(VIEWS[view].relation, 'corrected')}) WHERE {where}"
    return [row[3] for row in book.connection.execute(sql, {"as_of": 20231231})]


@pytest.mark.parametrize(
    ("view", "column"),
    [
        ("encumbered", "id"),
        ("encumbered", "pledge"),
        ("loans", "deal"),
        ("ltv", "deal"),
        ("ltv", "pledge"),
        ("valuations", "subject"),
    ],
)
def test_a_question_about_one_entity_reads_its_rows_alone(book: Book, view: str, column: str) -> None:
    steps = plan(book, view, f"{column} = 'X'")
    assert [step for step in steps if _reads_a_whole_table(step)] == []
    assert [step for step in plan(book, view) if _reads_a_whole_table(step)] != []


def _reads_a_whole_table(step: str) -> bool:
    """Tell whether a step walks through a table, by its name or its alias of one letter, or through a topic."""
    way, name, *_ = step.split()
    walks = way == "SCAN" and (name in _WHOLE or name in "acdelprstv") and "policy_by_place" not in step
    return walks or step.endswith("USING PRIMARY KEY (topic=?)")


def test_what_falls_due_is_read_from_an_index(book: Book) -> None:
    assert "SCAN pledge_state USING COVERING INDEX pledge_due" in plan(book, "maturity")


def test_a_threshold_is_looked_up_by_its_place(book: Book) -> None:
    place = "(policy=? AND region=? AND right=? AND currency=? AND since<?)"
    assert f"SEARCH p USING INDEX policy_by_place {place}" in plan(book, "loans")
