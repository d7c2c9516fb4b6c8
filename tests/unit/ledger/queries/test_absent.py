"""Filter values that no row has are reported, with the nearest existing values."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.queries.absent import absent_values, why_empty
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


@pytest.mark.parametrize(
    ("filters", "as_of", "sentence"),
    [
        (["region=CN-SH", "region=FR"], None, "no row can have region=CN-SH and region=FR"),
        (
            [],
            "1900-01-01",
            "no event is dated up to 1900-01-01: the events of the book are dated 2023-03-01 to 2023-03-01",
        ),
        (["industry=AI"], None, "no row has industry=AI; the events of the book are dated 2023-03-01 to 2023-03-01"),
    ],
)
def test_an_empty_answer_has_a_reason(book: Book, filters: list[str], as_of: str | None, sentence: str) -> None:
    day = date.fromisoformat(as_of) if as_of else None
    empty = queries.view(book, "pledge_stock", as_of=day, filters=["industry=AI"])
    if len(filters) < 2:
        assert why_empty(book, empty, filters) == "the book has no event yet that counts"
    post(book, registered("a", "P1"))
    assert why_empty(book, queries.view(book, "pledge_stock", as_of=day), filters) == sentence


def test_growth_of_a_year_without_events_has_a_reason(book: Book) -> None:
    post(book, registered("a", "P1"))
    answer = queries.growth_to_date(book, "pledges", date(3000, 1, 1))
    assert answer.shown == []
    assert why_empty(book, answer, []).startswith("no event is dated in 3000: ")
