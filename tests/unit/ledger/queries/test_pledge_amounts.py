"""Secured amounts by the classes of a map that is loaded when the question comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.nearest import UnknownName
from schemas.classification import of_industries, read_classification
from tests.events import Event, asset, corrected, money, registered
from tests.posting import event_on, post
from tests.unit.ledger.queries.test_fields import AI, CHIPS, VISION, counted, grant

DEMO = read_classification(
    "# classification: demo\n# version: 1.0.0\nprefix,class,name_en\nG06N,AI,AI\nG06N,SW,Software\nH01L,HW,Chips\n"
)


def pledge(number: int, amount: str | None, *ids: str, day: str = "2023-03-01", **appraised: str) -> Event:
    """Return a pledge of these patents, whose assets give no symbols."""
    values = {one: {"appraised": money(value)} for one, value in appraised.items()}
    assets = [asset(None) | {"id": one} | values.get(one, {}) for one in ids]
    secured = money(amount) if amount else ...
    status = "registered" if amount else "undisclosed"
    return registered(f"r{number}", f"P{number}", occurred_on=day, assets=assets, secured=secured, amount_status=status)


@pytest.fixture
def pledges(book: Book) -> Book:
    """Return a book of four grants, and pledges of two years."""
    post(
        book,
        grant("9000001", AI),
        grant("9000002", CHIPS),
        grant("9000003", VISION),
        event_on("patent.filed", "US9000004A1", "2022-01-02", ipc=["H01L0021020000"]),
        pledge(1, "100.01", "US9000001B2", "US9000002B2"),
        pledge(2, "90.00", "US9000001", "US9000003B2", "US7777777B2"),
        pledge(3, None, "US9000002B2"),
        pledge(4, "10.00", "US9000004A1", day="2024-01-01"),
        pledge(5, "10.00", "US9000001B2", "US9000002B2", day="2024-01-01", US9000001B2="3.00", US9000002B2="1.00"),
    )
    return book


def test_amounts_are_allocated_to_the_first_symbols_of_the_patents(pledges: Book) -> None:
    answer = queries.pledge_amounts(pledges)
    columns = "field", "name_en", "year", "currency", "pledges", "with_amount", "amount", "amount_minor"
    assert counted(answer, *columns) == [
        ("6", "Computer technology", 2023, "CNY", 2, 2, "80.01", 8001),
        ("6", "Computer technology", 2024, "CNY", 1, 1, "7.50", 750),
        ("8", "Semiconductors", 2023, None, 1, 0, None, None),
        ("8", "Semiconductors", 2023, "CNY", 1, 1, "50.00", 5000),
        ("8", "Semiconductors", 2024, "CNY", 2, 2, "12.50", 1250),
        (None, "no class", 2023, "CNY", 1, 1, "30.00", 3000),
        (None, "no symbol", 2023, "CNY", 1, 1, "30.00", 3000),
    ]
    assert str(answer.terms["classification"]).startswith("wipo35 ")


def test_a_symbol_in_two_classes_divides_its_share(pledges: Book) -> None:
    answer = queries.pledge_amounts(pledges, ["field"], classification=DEMO, filters=["year=2023", "currency=CNY"])
    assert counted(answer, "field", "pledges", "amount") == [
        ("AI", 2, "40.01"),
        ("SW", 2, "40.00"),
        ("HW", 1, "50.00"),
        (None, 1, "30.00"),
        (None, 1, "30.00"),
    ]


def test_without_classes_each_pledge_counts_once(pledges: Book) -> None:
    answer = queries.pledge_amounts(pledges, ["year"], filters=["amount>0"])
    assert counted(answer, "year", "pledges", "amount") == [(2023, 2, "190.01"), (2024, 2, "20.00")]


def test_a_correction_counts_on_its_basis(pledges: Book) -> None:
    first = pledge(1, "100.01", "US9000001B2", "US9000002B2")
    post(pledges, corrected(first, secured=money("60.00"), assets=[asset(None) | {"id": "US9000001B2"}]))
    in_2023 = ["year=2023", "currency=CNY"]
    assert counted(queries.pledge_amounts(pledges, ["field"], filters=in_2023, limit=1), "amount") == [("90.00",)]
    recorded = queries.pledge_amounts(pledges, ["field"], basis="recorded", filters=in_2023, limit=1)
    assert counted(recorded, "amount") == [("80.01",)]


def test_by_the_books_own_industries_they_are_its_totals(market: Path) -> None:
    with queries.open(market) as book:
        by_map = queries.pledge_amounts(book, ["field", "year"], classification=of_industries(book.industry_map))
        totals = queries.totals(book, "pledges", ["industry", "year"])
        found = counted(by_map, "field", "year", "currency", "pledges", "with_amount", "amount_minor")
        kept = counted(totals, "industry", "year", "currency", "events", "with_amount", "amount_minor")
        assert sorted(found, key=str) == sorted(kept, key=str)
        assert found


def test_a_name_that_nothing_has_is_refused(pledges: Book) -> None:
    with pytest.raises(UnknownName):
        queries.pledge_amounts(pledges, ["industry"])
    with pytest.raises(UnknownName):
        queries.pledge_amounts(pledges, basis="x")
