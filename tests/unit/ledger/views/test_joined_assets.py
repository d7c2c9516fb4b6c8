"""The refusal grounds of assets that join a pledge after its registration, judged on the day they join."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event
from tests.posting import event_on, post
from tests.unit.ledger.views.test_rules import DAY, ID, A, B, flags, grant, of_patent, pledge


def joined(day: str, *ids: str, subject: str = "P1", **data: Any) -> Event:
    added = [{"id": each, "right": "invention"} for each in ids or (ID,)]
    return event_on("pledge.modified", subject, day, **{"added": added, "secured": ..., "released": ...} | data)


LATER = "2024-01-01"
TWIN = {"office": "CN", "application_number": "201710601862.3", "right": "invention", "applicants": [A]}


@pytest.mark.parametrize(
    ("events", "broken"),
    [
        ([grant()], []),
        ([grant(applicants=[B])], ["R1"]),
        ([grant(), of_patent("ceased", "2023-12-31", reason="fee")], ["R2"]),
        ([grant(), of_patent("ceased", "2024-01-02", reason="fee")], []),
        ([grant(occurred_on="2024-01-02")], ["R3"]),
        ([grant(), of_patent("fee_paid", "2022-02-01", fee_year=7)], ["R4"]),
        ([grant(), of_patent("preserved", LATER)], ["R5"]),
        ([grant(filed_on="2006-05-03")], ["R6"]),
        ([grant(applicants=[A, B])], ["R8"]),
        ([grant(), pledge("P0", "2023-06-01")], ["R9"]),
        ([grant(right="utility_model"), event_on("patent.filed", "CN1B", "2016-03-01", **TWIN)], ["R6", "R10"]),
        ([grant(), of_patent("challenged", LATER)], ["R11"]),
    ],
)
def test_an_asset_that_joins_later_is_judged_on_that_day(book: Book, events: list[Event], broken: list[str]) -> None:
    post(book, pledge("P1", DAY, "CN9B"), joined(LATER), *events)
    assert flags(book, "asset", "rule", pledge="P1") == [(ID, rule) for rule in broken]
    assert set(flags(book, "judged_on", pledge="P1")) <= {LATER}


def test_a_joining_asset_is_judged_by_the_debt_as_changed_and_never_by_the_contract(book: Book) -> None:
    life = [grant(filed_on="2007-01-01"), pledge("P1", DAY, "CN9B", debt_from=...), joined(LATER, debt_to="2030-01-01")]
    post(book, *life)
    assert flags(book, "judged_on", "asset", "rule") == [(DAY, None, "R7"), (LATER, ID, "R6")]


def test_the_field_case_of_an_added_asset_that_is_pledged_twice(book: Book) -> None:
    first, second = "CN100000210B", "CN100000211B"
    post(
        book,
        pledge("g1", "2021-01-01", first),
        joined("2021-03-01", second, subject="g1"),
        pledge("g2", "2021-02-01", second),
    )
    assert flags(book, "pledge", "judged_on", "asset", "rule", "explanation") == [
        ("g1", "2021-03-01", second, "R9", "pledged already: g2, registered on 2021-02-01")
    ]
