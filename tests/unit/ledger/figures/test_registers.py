"""Counts of an office's own register, on small books whose counts are made by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.figures.metrics import BASE_METRICS, SUMS_OF_RECORDS
from ledger.figures.question import NoRecords, NotAvailable
from ledger.figures.registers import REGISTER_OF
from tests.events import Event, asset, corrected, voided
from tests.figures import pledge, value
from tests.posting import event_on, post

WEEK = ("2022-10-25", "2022-10-25")
US: dict[str, Any] = {"region": None, "currency": None, "office": "US"}


def issued(patent: str, day: str, region: str | None = None, ipc: str | None = None, right: str = "invention") -> Event:
    """Return a grant with the facts of its id: `US10000000B2`."""
    found = re.fullmatch("([A-Z]{2})(.*)([A-Z][0-9]?)", patent)
    assert found
    office, number, kind = found.groups()
    named = {"office": office, "number": number, "kind": kind, "right": right, "filed_on": ...}
    return event_on("patent.granted", patent, day, region=region or ..., ipc=[ipc] if ipc else [], **named)


@pytest.fixture
def week(book: Book) -> Book:
    """Return a book of six US grants and one of the EPO in the week of 2022-10-25, and three of other weeks."""
    post(
        book,
        issued("US11477930B2", "2022-10-25", "US-CA", "G06N0020000000"),
        issued("US11477931B2", "2022-10-25", "JP", "H01L0021020000"),
        issued("US11477932B1", "2022-10-25", "US", "G06N0020000000"),
        issued("USRE49257E1", "2022-10-25"),
        issued("USPP34694P2", "2022-10-25", right="plant"),
        issued("USD967598S1", "2022-10-25", "US-NY", right="design"),
        issued("EP3000001B1", "2022-10-25", "US"),
        issued("US11483954B2", "2022-10-26"),
        issued("US11477929B2", "2022-10-24"),
        issued("US1000000A", "1911-08-08"),
    )
    return book


def test_grants_are_counted_by_office_and_kind_of_document(week: Book) -> None:
    def count(days: tuple[str, str] = WEEK, **asked: Any) -> int:
        return int(value(week, "grants", days[1], days[0], **US | asked))

    assert count() == 6
    assert count(office="EP") == 1
    assert count(kinds=("B1", "B2")) == 3
    assert count(kinds=("B2",)) == 2
    assert count(kinds=("E1",)) == count(kinds=("P2",)) == count(kinds=("S1",)) == 1
    assert count(kinds=("S1", "E1")) == 2
    assert count(rights=("design",)) == 1
    assert count(rights=("design", "plant")) == 2
    assert count(rights=("invention",), industry="AI") == 2
    assert count(industry="ALL") == 6
    assert count(industry="UNK") == 3
    assert count(region="US") == 3
    assert count(region="US-CA") == 1
    assert count(region="US", kinds=("S1",)) == 1  # of a register one may have a part: no need of the whole country
    assert count(("2022-01-01", "2022-12-31")) == 8
    assert count(("2022-10-24", "2022-10-25")) == 7
    assert count(("2022-10-25", "2022-10-26")) == 7
    assert count(("1911-01-01", "1911-12-31"), kinds=("A",)) == 1
    post(week, issued("US11294000B1", "2021-03-30"), issued("EP3000000B1", "2021-03-31"))
    assert value(week, "grants_growth", "2022-12-31", "2022-01-01", **US) == 700


def test_a_count_by_office_depends_on_the_basis(week: Book) -> None:
    wrong = issued("US11477933B2", "2022-10-25")
    post(week, wrong, voided(wrong, event_id="v1"))
    late = issued("US11477934B2", "2022-10-25")
    post(week, late, corrected(late, event_id="c1", occurred_on="2022-11-01"))
    assert value(week, "grants", *WEEK, **US) == 6
    assert value(week, "grants", *WEEK, basis="recorded", **US) == 8


def test_filings_stocks_and_marks_are_counted_by_office(book: Book) -> None:
    filed = {"region": "US", "right": "invention", "ipc": ["G06N0020000000"]}
    numbered = {"application_number": "1", "applicants": [{"name": "A"}]}
    post(
        book,
        event_on("patent.filed", "US1", "2022-05-01", **filed | numbered | {"office": "US"}),
        event_on("patent.filed", "US2", "2022-06-01", **filed | numbered | {"office": "US", "region": "JP"}),
        event_on("patent.filed", "TW1", "2022-06-01", **filed | numbered | {"office": "TW"}),
        issued("US11477930B2", "2010-01-01", "US-CA"),
        issued("US11477931B2", "2022-01-01", "JP"),
        issued("EP3000001B1", "2022-01-01", "US"),
        event_on("trademark.filed", "TW-1", "2022-05-01", office="TW", application_number="1"),
        event_on("trademark.filed", "US-1", "2022-05-01", office="US", application_number="1"),
        event_on("trademark.registered", "1", "2012-05-01", office="US", region="US-CA", valid_to="2022-05-01"),
        event_on("trademark.registered", "2", "2022-05-01", office="US", region="US-CA", valid_to="2032-05-01"),
        event_on("trademark.registered", "3", "2022-05-01", office="US", region="CA", valid_to="2032-05-01"),
        event_on("trademark.registered", "4", "2022-05-01", office="TW", region="US", valid_to="2032-05-01"),
        event_on("trademark.registered", "5", "2022-05-01", region="US", valid_to="2032-05-01"),  # of whose register?
    )
    year = ("2022-12-31", "2022-01-01")
    assert value(book, "filings", *year, **US) == 2
    assert value(book, "filings", *year, **US | {"region": "US"}) == 1
    assert value(book, "in_force", "2022-12-31", **US) == 2
    assert value(book, "in_force", "2022-12-31", **US | {"region": "US"}) == 1
    assert value(book, "in_force_multiple", "2022-01-01", **US) == 2
    assert value(book, "trademark_filings", *year, **US) == 1
    assert value(book, "trademark_filings", *year, region=None) == 2
    assert value(book, "trademark_registrations", *year, **US) == 2
    assert value(book, "trademark_registrations", *year, rights=("trademark",), **US) == 2
    assert value(book, "trademark_registrations", *year, region=None) == 4
    assert value(book, "trademark_registrations", *year, **US | {"region": "US"}) == 1
    assert value(book, "trademarks", "2022-05-01", **US) == 3
    assert value(book, "trademarks", "2022-05-02", **US) == 2
    assert value(book, "trademarks", "2022-05-02", **US | {"region": "US"}) == 1
    assert value(book, "trademarks", "2022-05-02", **US | {"office": "TW"}) == 1


def test_international_applications_are_counted_by_origin_and_receiving_office(book: Book) -> None:
    for number, region, office in ((1, "CN-SH", "CN"), (2, "CN-BJ", "IB"), (3, "US", "CN"), (4, ..., "US")):
        filed = {"number": f"PCT/{office}2023/{number:06}", "region": region, "receiving_office": office}
        applicants = [{"name": "A", "country": "CN"}]
        post(book, event_on("pct.filed", f"{filed['number']}", "2023-05-01", applicants=applicants, **filed))
    year = ("2023-12-31", "2023-01-01")
    at: dict[str, Any] = {"office": "CN", "region": None}
    assert value(book, "pct_filings", *year, **at | {"region": "CN"}) == 1
    assert value(book, "pct_filings", *year, **at | {"region": "CN", "office": "US"}) == 1  # its first applicant's
    assert value(book, "pct_filings", *year, **at) == 2
    assert value(book, "pct_received", *year, **at) == value(book, "pct_received", *year, **at | {"region": "CN"}) == 2
    with pytest.raises(NotAvailable, match="the region of pct_received is the office's, but the figure names CN"):
        value(book, "pct_received", *year, **at | {"region": "CN", "office": "IB"})


def test_conveyances_and_cancellations_are_flows(book: Book) -> None:
    conveyed = {"region": "US-CA", "assets": [asset()]}
    post(
        book,
        event_on("assignment.recorded", "A1", "2023-02-01", conveyance="assignment", **conveyed),
        event_on("assignment.recorded", "A2", "2023-12-31", conveyance="merger", **conveyed),
        event_on("assignment.recorded", "A3", "2023-02-01", conveyance="change_of_name", **conveyed),
        event_on("assignment.recorded", "A4", "2022-12-31", conveyance="assignment", **conveyed),
        pledge("P1", "2022-05-01", 5),
        pledge("P2", "2022-05-01", 5),
        event_on("pledge.cancelled", "P1", "2023-05-01", registration_no="x"),
    )
    year = ("2023-12-31", "2023-01-01")
    assert value(book, "assignments", *year, region="US-CA") == 2
    assert value(book, "assignments_growth", *year, region="US-CA") == 100
    assert value(book, "pledge_cancellations", *year) == 1


@pytest.mark.parametrize(
    ("metric", "asked", "reason"),
    [
        ("grants", {"office": None, "kinds": ("B2",)}, "kinds of documents but no office"),
        ("filings", {"kinds": ("B2",)}, "filings is not counted by kind of document"),
        ("in_force_growth", {"kinds": ("B2",)}, "in_force is not counted by kind of document"),
        ("pledges", {}, "pledges is not counted by office"),
        ("in_force_per_10k", {}, "in_force_per_10k is not counted by office"),
        ("assignments", {}, "assignments is not counted by office"),
        ("trademark_registrations", {"industry": "AI"}, "is not counted by industry or right"),
        ("trademark_filings", {"rights": ("design",)}, "is not counted by industry or right"),
    ],
)
def test_an_impossible_cut_is_no_data(week: Book, metric: str, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotAvailable, match=reason):
        value(week, metric, *WEEK, **US | asked)


def test_an_empty_cut_differs_from_an_empty_register(week: Book) -> None:
    for asked in ({"kinds": ("H1",)}, {"office": "TW"}):
        with pytest.raises(NoRecords, match=r"no record for any region at office (US|TW) from 2022-10-25"):
            value(week, "grants", *WEEK, **US | asked)


def test_what_is_counted_by_office_is_a_sum_of_records() -> None:
    assert REGISTER_OF.keys() <= SUMS_OF_RECORDS <= BASE_METRICS.keys()
