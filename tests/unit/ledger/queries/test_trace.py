"""Trace a figure to its records, and a record to its figures."""

from __future__ import annotations

import pytest

from ledger import queries
from ledger.audit.reread import map_lines
from ledger.book.book import Book
from ledger.queries.trace import NothingToTrace, SeveralRecords, trace_figure, trace_record
from schemas.industry import SHIPPED
from tests.events import PLEDGE, asset, corrected, money, partition, registered, voided
from tests.posting import post

HOME = partition("P1")
FIRST = registered("r1", assets=[asset(), asset("A61K0009000000")], secured=money("100.00"))


@pytest.fixture
def posted(book: Book) -> Book:
    """Return a book of a pledge that is corrected, and another one."""
    other = registered("r2", subject="P2", secured=money("5.00"), assets=[asset()])
    post(book, FIRST, corrected(FIRST, "k1", secured=money("70.00")), other)
    return book


def test_a_figure_is_the_sum_of_the_lines_of_its_records(posted: Book) -> None:
    found = trace_figure(posted, filters=["kind=pledges", "industry=ALL", "year=2023"])
    (figure,) = found.figures
    assert (figure["events"], figure["amount"]) == (2, "75.00")
    lines = {(line["id"], line["amount"], line["target"]): line["revisions"] for line in found.records}
    revision = {"place": f"{PLEDGE}:{HOME}=1", "type": "ip.pledge.registered.corrected.v1"}
    assert lines == {("r1", "100.00", None): [revision], ("k1", "-30.00", "r1"): [], ("r2", "5.00", None): []}
    assert not found.more
    assert trace_figure(posted, filters=["kind=pledges"], limit=2).more
    assert found.as_json()["position"] == queries.totals(posted).position


def test_a_figure_is_traced_as_it_was_known(posted: Book) -> None:
    past = queries.as_known(posted, f"{PLEDGE}:{HOME}=1")
    found = trace_figure(past, filters=["kind=pledges", "industry=AI"])
    assert [(line["place"], line["amount"], line["revisions"]) for line in found.records] == [
        (f"{PLEDGE}:{HOME}=0", "50.00", [])
    ]


def test_a_record_moved_these_figures(posted: Book) -> None:
    found = trace_record(posted, "k1")
    moved = {(row["industry"], row["added_events"], row["added_minor"], row["amount"]) for row in found.figures}
    assert moved == {("ALL", 0, -3000, "75.00"), ("AI", 0, -1500, "40.00"), ("BIOPHARM", 0, -1500, "35.00")}
    assert found.records[0]["target"] == "r1"
    assert trace_record(posted, "k1", basis="recorded").figures == []


def test_a_figure_that_a_void_removed_is_null(posted: Book) -> None:
    post(posted, voided(FIRST, "v1"))
    gone = {row["industry"]: row["amount"] for row in trace_record(posted, "r1").figures}
    assert gone == {"ALL": "5.00", "AI": "5.00", "BIOPHARM": None}


def test_what_is_no_figure_and_no_record_is_refused(posted: Book) -> None:
    with pytest.raises(NothingToTrace, match="no figure for kind=grants year=1999"):
        trace_figure(posted, filters=["kind=grants", "year=1999"])
    with pytest.raises(SeveralRecords, match=rf"P1 is an entity.*{PLEDGE}:{HOME}=0, {PLEDGE}:{HOME}=1"):
        trace_record(posted, "P1")


def test_the_line_of_the_map_behind_an_industry() -> None:
    data = {
        "data": {"assets": [{"id": "CN1", "ipc": ["G06N0003047500", "A61K0009000000"]}, {"id": "CN2"}]},
        "reason": "x",
    }
    (line,) = map_lines(data, SHIPPED)
    assert (line["path"], line["id"], line["symbol"]) == ("data.data.assets.0", "CN1", "G06N0003047500")
    assert (line["industry"], line["prefix"][:4]) == ("AI", "G06N")
    (other,) = map_lines({"ipc": ["Z99Z0001000000"]}, SHIPPED)
    assert other == {"path": "data", "id": None, "symbol": "Z99Z0001000000", "industry": "UNK"}
    assert [*map_lines({"ipc": "G06N"}, SHIPPED)] == [*map_lines(None, SHIPPED)] == []
