"""Filter values that no row has are reported, with the nearest existing values."""

from __future__ import annotations

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.queries.absent import absent_values
from tests.events import registered
from tests.posting import post


@pytest.mark.parametrize(
    ("view", "filters", "sentences"),
    [
        ("journal", ["subject=P1"], []),
        ("journal", ["topic=ip.patent.v1"], ["no row has topic 'ip.patent.v1': it has ip.pledge.v1"]),
        ("journal", ["subject=P2", "topic=ip.patent.v1"], ["no row has topic 'ip.patent.v1': it has ip.pledge.v1"]),
        ("journal", ["subject=P11", "id=zzz"], []),
        ("journal", ["subject=P2", "id=a", "topic=ip.pledge.v1"], []),
        ("journal", ["subject!=P9", "offset=77", "rule="], []),
        ("pledge_flow", ["period=2099"], ["no row has period 2099: it has 2023 to 2023-03"]),
        ("pledge_flow", ["region=CN-SX"], ["no row has region 'CN-SX': did you mean CN-SH?"]),
        ("pledge_flow", ["region=CN-SH,FR"], ["no row has region 'FR': it has ALL, CN, CN-SH"]),
    ],
)
def test_a_filter_value_that_no_row_has_is_reported(
    book: Book, view: str, filters: list[str], sentences: list[str]
) -> None:
    post(book, registered("a", "P1"), registered("b", "P2"))
    answer = queries.view(book, view, filters=filters)

    def values_of(column: str) -> list[object]:
        return [value for (value,) in queries.view(book, view, columns=[column]).shown]

    assert list(absent_values(answer, filters, values_of)) == sentences


def test_no_values_are_queried_if_each_filter_value_has_a_row(book: Book) -> None:
    post(book, registered("a", "P1"))
    answer = queries.view(book, "journal", filters=["subject=P1"])
    assert list(absent_values(answer, ["subject=P1"], lambda _: pytest.fail("queried"))) == []
