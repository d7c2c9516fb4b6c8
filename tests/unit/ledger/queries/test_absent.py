"""Values that no row has are named, with what somebody may have meant."""

from __future__ import annotations

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.queries.absent import absent_values
from tests.events import registered
from tests.posting import post


@pytest.mark.parametrize(
    ("filters", "sentences"),
    [
        (["subject=P1"], []),
        (["subject=P11"], ["no row has subject 'P11': did you mean P1?"]),
        (["subject=P1,elsewhere"], ["no row has subject 'elsewhere': it has P1, P2"]),
        (["subject=P1", "id=zzz"], ["no row has id 'zzz': it has a, b"]),
        (["subject=P2", "id=a"], []),
        (["subject!=P9", "offset=77", "rule="], []),
    ],
)
def test_a_value_that_no_row_has_is_named(book: Book, filters: list[str], sentences: list[str]) -> None:
    post(book, registered("a", "P1"), registered("b", "P2"))
    answer = queries.view(book, "journal", filters=filters)

    def values_of(column: str) -> list[object]:
        return [value for (value,) in queries.view(book, "journal", columns=[column]).shown]

    assert list(absent_values(answer, filters, values_of)) == sentences


def test_nothing_is_asked_where_each_value_has_a_row(book: Book) -> None:
    post(book, registered("a", "P1"))
    answer = queries.view(book, "journal", filters=["subject=P1"])
    assert list(absent_values(answer, ["subject=P1"], lambda _: pytest.fail("asked"))) == []
