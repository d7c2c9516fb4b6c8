"""CN-HK, CN-MO and CN-TW are territories of their own in national figures: they count in HK, MO and TW, not in CN."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.figures.question import FigureQuery
from ledger.views import VIEWS
from schemas.regions import TERRITORIES, country_of
from tests.events import money, registered
from tests.posting import event_on, post

DAY = date(2023, 12, 31)
REGIONS = ("CN-SH", "CN-HK", "CN-MO", "CN-TW", "HK", "CN")
NATIONAL = {"CN": 2, "HK": 2, "MO": 1, "TW": 1}
"""Events of a country, of one in each region: CN-SH and CN; CN-HK and HK; and so on."""


@pytest.fixture
def six(book: Book) -> Book:
    """Return a book with one pledge, mark, patent, international application and loan from each region."""
    for number, region in enumerate(REGIONS):
        post(
            book,
            registered(f"r{number}", f"P{number}", region=region, occurred_on="2023-05-02", secured=money("1.00")),
            event_on("trademark.registered", f"CN{number}", "2023-05-02", region=region, valid_to="2033-05-02"),
            event_on(
                "patent.granted",
                f"CN10900000{number}B",
                "2023-05-02",
                region=region,
                office="CN",
                number=f"10900000{number}",
                kind="B",
                tags=["sei"],
            ),
            event_on(
                "pct.filed",
                f"PCT/IB2023/00000{number}",
                "2023-05-02",
                region=region,
                number=f"PCT/IB2023/00000{number}",
            ),
        )
    for region, persons in (("CN", 20_000), ("HK", 10_000)):
        population = {"region": region, "as_of": "2022-12-31", "persons": persons}
        post(book, event_on("reference.population", f"population/{region}", "2023-03-01", **population))
    return book


def counts(book: Book, view: str, count: str, region: str = "region", **fixed: Any) -> dict[str, Any]:
    """Return region -> count, of the rows with these values."""
    as_of = DAY if VIEWS[view].takes_a_day else None
    rows = queries.view(book, view, as_of=as_of, filters=[f"{name}={value}" for name, value in fixed.items()])
    return {row[region]: row[count] for row in rows.rows_as_dicts() if row[region] in NATIONAL}


@pytest.mark.parametrize(
    ("view", "count", "fixed"),
    [
        ("pledge_flow", "pledges", {"period": "2023", "industry": "ALL", "right": "ALL"}),
        ("pledge_yoy", "pledges", {"year": 2023, "industry": "ALL", "right": "ALL"}),
        ("ytd_vs_same_period", "events", {"metric": "pledges", "industry": "ALL", "right": "ALL"}),
        ("trademarks", "trademarks", {}),
        ("decade_ratio", "value", {"metric": "in_force"}),
        ("decade_ratio", "value", {"metric": "trademarks"}),
        ("decade_ratio", "value", {"metric": "pct_filings"}),
        ("high_value", "in_force", {}),
    ],
)
def test_a_national_figure_leaves_the_territories_out(six: Book, view: str, count: str, fixed: dict[str, Any]) -> None:
    assert counts(six, view, count, **fixed) == NATIONAL


def test_applications_by_origin_and_high_value_by_residents(six: Book) -> None:
    assert counts(six, "pct", "filings", "region_or_office", basis="origin", year=2023) == NATIONAL
    assert counts(six, "per_10k", "count", metric="in_force") == {"CN": 2, "HK": 2}


@pytest.mark.parametrize(("region", "events"), [("CN", 2), ("HK", 2), ("CN-HK", 1), ("TW", 1), ("CN-SH", 1)])
def test_growth_of_a_country_and_narrowed_views_agree(six: Book, region: str, events: int) -> None:
    answer = queries.growth_to_date(six, "pledges", DAY, region=region, filters=["industry=ALL"])
    assert [row["events"] for row in answer.rows_as_dicts()] == [events]
    flow = queries.view(six, "pledge_flow", filters=[f"region={region}", "period=2023", "industry=ALL", "right=ALL"])
    assert [row["pledges"] for row in flow.rows_as_dicts()] == [events]


def test_a_published_figure_of_china_is_compared_without_them() -> None:
    china = FigureQuery(metric="grants", first=date(2023, 1, 1), last=DAY, region="CN")
    assert [region for region in REGIONS if china.takes_in(region)] == ["CN-SH", "CN"]
    assert [country_of(region) for region in TERRITORIES] == ["HK", "MO", "TW"]


def test_each_view_with_countries_says_so() -> None:
    rolled = (
        "pledge_flow",
        "pledge_yoy",
        "ytd_vs_same_period",
        "trademarks",
        "pct",
        "decade_ratio",
        "high_value",
        "per_10k",
    )
    for name in rolled:
        meanings = " ".join(column.meaning for column in VIEWS[name].columns)
        assert "CN-HK, CN-MO and CN-TW count in HK, MO and TW, not in CN" in meanings, name
