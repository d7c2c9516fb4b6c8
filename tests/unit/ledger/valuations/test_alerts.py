"""Alerts: one for each reason of the watch list, once; open until they are acknowledged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.valuations.alerts import new_alerts
from tests.books import new_book, opened
from tests.deals import patent
from tests.events import asset, money, voided
from tests.posting import event_on, post, shown

CEASED = event_on("patent.ceased", "CN1", "2023-06-01")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        pledge = event_on(
            "pledge.registered",
            "P1",
            "2023-03-01",
            assets=[asset(id="CN1")],
            secured=money("9.00"),
            debt_to="2023-08-01",
        )
        post(book, patent(1, occurred_on="2020-05-05"), pledge, CEASED)
        yield book


def alert(book: Book, day: date) -> list[tuple[str, str]]:
    """Publish what is new on a day; return pledge and reason of each alert."""
    found = new_alerts(book, day)
    post(book, *(json.loads(one.value) for one in found.alerts))
    return [(one.row["pledge"], one.row["reason"]) for one in found.alerts]


def test_each_reason_alerts_once(book: Book) -> None:
    assert alert(book, date(2023, 5, 2)) == []
    assert alert(book, date(2023, 6, 1)) == [("P1", "due"), ("P1", "lapsed")]
    assert alert(book, date(2023, 6, 2)) == []
    assert alert(book, date(2023, 8, 2)) == [("P1", "overdue")]
    assert alert(book, date(2023, 8, 2)) == []


def test_a_reason_that_comes_back_for_another_cause_alerts_again(book: Book) -> None:
    assert ("P1", "lapsed") in alert(book, date(2023, 6, 1))
    post(book, voided(CEASED), event_on("patent.ceased", "CN1", "2023-07-01"))
    assert alert(book, date(2023, 6, 30)) == []
    assert alert(book, date(2023, 7, 1)) == [("P1", "lapsed")]


def test_an_alert_is_open_until_somebody_acknowledges_it(book: Book) -> None:
    alert(book, date(2023, 6, 1))
    columns = ("reason", "holds_from", "asset", "open", "acknowledged_on", "acknowledged_by")
    assert shown(book, "alerts", *columns, as_of=20230601) == [
        ("due", "2023-05-03", None, 1, None, None),
        ("lapsed", "2023-06-01", "CN1", 1, None, None),
    ]
    (seen,) = shown(book, "alerts", "id", as_of=20230601, reason="lapsed")
    for day, desk in (("2023-06-07", "desk 2"), ("2023-06-05", "desk 3")):
        about = {"alert": seen.upper(), "acknowledged_by": desk}
        post(book, event_on("collateral.acknowledged", "P1", day, **about))
    assert shown(book, "alerts", "open", as_of=20230604, reason="lapsed") == [1]
    assert shown(book, "alerts", *columns[3:], as_of=20230630) == [(1, None, None), (0, "2023-06-05", "desk 3")]
    assert alert(book, date(2023, 6, 30)) == []


def test_the_cause_of_an_alert_can_be_shown(book: Book) -> None:
    alert(book, date(2023, 6, 1))
    (cause,) = shown(book, "alerts", "event", as_of=20230601, reason="lapsed")
    assert cause.startswith("ip.patent.v1:")
