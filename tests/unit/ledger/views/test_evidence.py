"""Lineage: every total is the sum of its rows. Integrity: records that are in no figure or in another one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.posting.constants import FOLD_VERSION
from ledger.queries.view import view
from schemas.topics import partition_of
from streams.batch import Batch
from streams.synthetic.pledges import generate_pledges
from tests.events import PLEDGE, asset, cancelled, corrected, money, record, registered, voided
from tests.posting import post, shown

TWO = [asset(appraised=money("1")), asset("H01L0021020000", appraised=money("2"))]
CELL = ("kind", "year", "region", "right", "industry", "currency")
MEASURE = ("events", "with_amount", "amount_minor")


# ---- lineage


@pytest.mark.parametrize("basis", ["corrected", "recorded"])
def test_every_total_is_the_sum_of_its_lineage(book: Book, basis: str) -> None:
    post(book, *map(json.loads, generate_pledges(400, 2)))
    sums: dict[tuple[object, ...], list[int]] = {}
    for row in view(book, "lineage", basis=basis).rows_as_dicts():
        measure = sums.setdefault(tuple(row[name] for name in CELL), [0, 0, 0])
        for index, name in enumerate(MEASURE):
            measure[index] += row[name] or 0
    totals = {
        tuple(row[name] for name in CELL): [row[name] or 0 for name in MEASURE]
        for row in view(book, "totals", filters=[f"basis={basis}"]).rows_as_dicts()
    }
    assert len(totals) > 100
    assert {cell: measure for cell, measure in sums.items() if any(measure)} == totals


def test_a_figure_is_traced_to_its_events(book: Book) -> None:
    first = registered("0190C6F0-abcd-7000-8000-000000000001", assets=TWO, secured=money("300.00"))
    post(book, first, registered("r2", "P2", occurred_on="2022-01-01"), corrected(first, secured=money("600.00")))
    filters: dict[str, Any] = {"kind": "pledges", "year": "2023", "industry": "AI"}
    columns = ("date", "amount", "events", "type", "id", "subject", "restated", "target")
    assert shown(book, "lineage", *columns, **filters) == [
        ("2023-03-01", "100.00", 1, "ip.pledge.registered.v1", first["id"].lower(), "P1", 0, None),
        ("2023-03-01", "100.00", 0, "ip.pledge.registered.corrected.v1", "k1", "P1", 1, first["id"]),
    ]
    assert shown(book, "lineage", "amount", recorded=True, **filters) == ["100.00"]
    assert shown(book, "lineage", "amount", **filters | {"industry": "ALL"}) == ["300.00", "300.00"]


def test_lineage_cites_the_rules_of_its_book(book: Book) -> None:
    post(book, registered())
    (versions, _) = shown(book, "lineage", "industry_map", "fold_version", "topic", "source")
    assert versions == (book.meta["industry_map"], FOLD_VERSION, PLEDGE, "urn:registry:cn-sh")


# ---- integrity


def test_records_without_effect_are_counted(book: Book) -> None:
    pledge = registered()
    records = [
        record(0, pledge),
        record(2, pledge),
        record(3, b"{", b"P1"),
        record(4, registered("r1", secured=money("7"))),
        record(5, registered("r2", occurred_on="2022-01-01")),
        record(6, cancelled(subject="P1")),
        record(7, corrected(pledge, secured=money("5"))),
        record(8, voided(cancelled())),
        record(9, voided(registered("never"), "v2")),
    ]
    BookSink(book).post(Batch(PLEDGE, partition_of(b"P1", 4), 0, 12, records))
    found = view(book, "integrity").rows_as_dicts()
    assert {row["topic"] for row in found} == {PLEDGE}
    counts = {(row["finding"], row["basis"], row["detail"]): row["count"] for row in found}
    assert counts == {
        ("gap", None, None): 3,
        ("duplicate", None, None): 1,
        ("conflict", None, "conflict"): 1,
        ("rejected", None, "not_json"): 1,
        ("unmatched", "corrected", "second_registration"): 1,
        ("unmatched", "corrected", "target_missing"): 1,
        ("unmatched", "recorded", "second_registration"): 1,
        ("restatement", None, None): 3,
        ("corrected", None, None): 1,
        ("voided", None, None): 1,
    }
    newest = {row["finding"]: row["newest"] for row in found if row["detail"] is None}
    assert newest["restatement"] == "2023-11-14T22:13:20Z"
    assert newest["gap"] is None
    (position,) = [row for row in view(book, "positions").rows_as_dicts() if row["next"]]
    assert [position[name] for name in ("gap", "duplicate", "conflict", "rejected")] == [3, 1, 1, 1]


def test_a_sound_book_has_no_findings(book: Book) -> None:
    post(book, registered(), cancelled())
    assert view(book, "integrity").rows == []
