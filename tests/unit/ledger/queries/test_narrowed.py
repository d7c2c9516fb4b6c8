"""Views whose filters are pushed down to their base tables: the rows are those of the whole view that pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.queries.filters import only_values, parse_filter
from ledger.queries.view import view
from ledger.views import VIEWS
from ledger.views.view import Column
from tests.each_case import each_case

pytestmark = pytest.mark.slow

NARROWED = [
    (name, column, basis)
    for name, declared in VIEWS.items()
    for column in declared.narrowed
    for basis in (("corrected", "recorded") if declared.takes_a_basis else ("corrected",))
]


@pytest.fixture(scope="module")
def opened(market: Path) -> Iterator[Book]:
    with Book(market) as book:
        yield book


@pytest.mark.parametrize(("name", "column", "basis"), NARROWED)
def test_a_narrowed_view_shows_the_rows_of_the_whole_view_that_pass(
    opened: Book, name: str, column: str, basis: str
) -> None:
    whole = view(opened, name, basis=basis)
    index = whole.names.index(column)
    values = sorted({row[index] for row in whole.shown if row[index] is not None})
    assert values
    for value in values[:: max(1, len(values) // 10)]:
        filtered = view(opened, name, basis=basis, filters=[f"{column}={value}"])
        assert filtered.shown == [row for row in whole.shown if row[index] == value]
    several = view(opened, name, basis=basis, filters=[f"{column}={','.join(values[:3])}"])
    assert several.shown == [row for row in whole.shown if row[index] in values[:3]]


def test_a_filter_on_missing_values_is_not_pushed_down(opened: Book) -> None:
    whole = view(opened, "high_value")
    assert view(opened, "high_value", filters=["region="]).shown == [row for row in whole.shown if row[0] is None]


@each_case("text", ["region!=CN", "region=", "region=CN,", "country=CN"])
def test_only_filters_on_equal_values_are_pushed_down(text: str) -> None:
    assert only_values(Column("region", "text", "", "region"), parse_filter(text)) is None
