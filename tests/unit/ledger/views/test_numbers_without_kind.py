"""Assets and citations that name a patent by its number alone: the only grant with this number is meant, or none."""

from __future__ import annotations

from typing import Any

import pytest

from ledger import queries
from ledger.book.book import Book
from tests.events import Event, asset, granted, registered
from tests.posting import event_on, post, shown

PATENT, NUMBER = "US8711504B1", "US8711504"
DAY = 20230630


def pledge(name: str = NUMBER) -> Event:
    return registered(assets=[asset(id=name)], occurred_on="2023-01-02", debt_to=...)


def the_grant(**data: Any) -> Event:
    return granted("g1", PATENT, number="8711504", kind="B1", occurred_on="2014-04-29", **data)


@pytest.fixture
def posted(book: Book) -> Book:
    """Return a book of a pledge of US8711504, the grant US8711504B1, and its neighbours, which are not meant."""
    post(
        book,
        pledge(),
        the_grant(tags=["sei"], region="US"),
        granted("g2", "US87115041B2", number="87115041"),
        granted("g3", "US871150B1", number="871150", kind="B1"),
        event_on("patent.published", "US8711504A1", "2013-01-01"),
    )
    return book


def also(subject: str) -> Event:
    """Return another grant with the same number."""
    return granted("g9", subject, number="8711504", kind=subject[9:], occurred_on="2015-01-06")


def test_a_right_is_watched_by_its_number_alone(posted: Book) -> None:
    post(posted, event_on("patent.ceased", PATENT, "2023-06-01"))
    rows = shown(posted, "watch_list", "reason", "since", "asset", as_of=DAY)
    assert ("lapsed", "2023-06-01", NUMBER) in rows
    assert shown(posted, "watch_list", "reason", as_of=DAY, asset=NUMBER)
    (event,) = shown(posted, "watch_list", "event", as_of=DAY, reason="lapsed")
    assert event is not None
    post(posted, also("US8711504B2"))
    assert [row for row in shown(posted, "watch_list", "reason", as_of=DAY) if row == "lapsed"] == []


def test_the_rules_judge_the_patent_that_a_number_means(posted: Book) -> None:
    post(posted, event_on("patent.ceased", PATENT, "2022-06-01"))
    assert ("R2", NUMBER) in shown(posted, "pledge_flags", "rule", "asset")
    post(posted, also("US8711504B2"))
    assert "R2" not in shown(posted, "pledge_flags", "rule")


def test_a_patent_is_encumbered_by_a_pledge_of_its_number(posted: Book) -> None:
    def encumbered() -> dict[str, int]:
        return dict(shown(posted, "patents", "patent", "encumbered", as_of=DAY))

    assert encumbered() == {PATENT: 1, "US87115041B2": 0, "US871150B1": 0}
    post(posted, also("US8711504B2"))
    assert encumbered() == {PATENT: 0, "US8711504B2": 0, "US87115041B2": 0, "US871150B1": 0}


def test_a_pledge_of_the_number_makes_an_invention_high_value(posted: Book) -> None:
    def c4() -> Any:
        return shown(posted, "high_value_patents", "c4", as_of=DAY, patent=PATENT)

    assert c4() == [1]
    post(posted, also("US8711504B2"))
    assert c4() == [0]


@pytest.mark.parametrize("filters", [[], [f"patent={PATENT}", "term=forward_cites"]])
def test_a_citation_of_the_number_counts_once(posted: Book, filters: list[str]) -> None:
    def forward() -> list[Any]:
        asked = [*filters, f"patent={PATENT}", "term=forward_cites"]
        return [row["value"] for row in queries.view(posted, "score_points", filters=asked).rows_as_dicts()]

    post(
        posted,
        granted("g5", "US9000001B2", occurred_on="2016-01-05", ipc=["H01L0021020000"], backward_cites=[NUMBER]),
        granted("g7", "US9000003B2", occurred_on="2016-01-05", ipc=["A01B0001020000"], backward_cites=[NUMBER, PATENT]),
        granted("g6", "US9000002B2", occurred_on="2023-01-03"),
    )
    assert forward() == [2]
    post(posted, also("US8711504B2"))
    assert forward() == [1]  # by its full id alone
