"""Patents, trademarks, PCT filings: flows and stocks on histories whose figures are worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.posting.days import day_number
from tests.events import Event, corrected, voided
from tests.posting import event_on, post, shown

NUMBERS = {"EP": "1234567", "CN": "109000001"}
AI, SEMI = ["G06N0003040000"], ["H01L0021020000"]


def grant(subject: str, occurred_on: str, office: str = "CN", **data: Any) -> Event:
    defaults = {"number": NUMBERS.get(office, "10000000"), "kind": "B", "region": "CN-SH", "ipc": AI, "applicants": []}
    return event_on("patent.granted", subject, occurred_on, office=office, **{"right": "invention", **defaults, **data})


def in_force(book: Book, as_of: int, **asked: Any) -> int:
    return len(shown(book, "patents", "patent", as_of=as_of, in_force="1", **asked))


# ---- grants


def test_grants_are_counted_by_their_region_and_day(book: Book) -> None:
    first, second = grant("CN1B", "2022-12-31"), grant("CN2B", "2023-01-01")
    post(
        book,
        first,
        second,
        grant("CN3B", "2023-06-01", right="utility_model", ipc=SEMI),
        grant("CN4B", "2023-06-01"),
        grant("US5B2", "2023-06-01", "US", region=...),
        event_on("patent.ceased", "CN4B", "2023-07-01"),
        corrected(second, occurred_on="2022-01-01"),
        voided(first),
    )
    columns = ("year", "region", "office", "right", "industry", "grants")
    assert shown(book, "grants", *columns) == [
        (2022, "CN-SH", "CN", "invention", "AI", 1),
        (2023, None, "US", "invention", "AI", 1),
        (2023, "CN-SH", "CN", "invention", "AI", 1),
        (2023, "CN-SH", "CN", "utility_model", "SEMI", 1),
    ]
    assert shown(book, "grants", "year", "grants", recorded=True, region="CN-SH", industry="AI") == [
        (2022, 1),
        (2023, 2),
    ]


def test_a_grant_is_shared_over_its_applicants(book: Book) -> None:
    def by(*countries: str | None) -> list[dict[str, str]]:
        return [{"name": "A"} | ({"country": country} if country else {}) for country in countries]

    post(
        book,
        grant("CN1B", "2023-01-01", applicants=by("CN", "CN", "US")),
        grant("CN2B", "2023-01-01", applicants=by("CN", None)),
        grant("CN3B", "2023-01-01", applicants=by()),
        grant("CN4B", "2023-01-01", applicants=by(*["CN"] * 16, "US")),
    )
    assert shown(book, "grants_fractional", "year", "country", "whole") == [
        (2023, None, 2),
        (2023, "CN", 3),
        (2023, "US", 2),
    ]
    without_country, cn, us = shown(book, "grants_fractional", "fractional")
    columns = ("whole", "fractional")
    assert shown(book, "grants_fractional", *columns, country="CN") == [(3, cn)]
    assert shown(book, "grants_fractional", *columns, country="US") == [(2, us)]
    (industry,) = set(shown(book, "grants_fractional", "industry"))
    assert shown(book, "grants_fractional", *columns, industry=industry)[1:] == [(3, cn), (2, us)]
    assert without_country == 1.5
    assert without_country + cn + us == 4
    assert us == pytest.approx(float(Fraction(1, 3) + Fraction(1, 17)), abs=1e-5)


# ---- terms

TERMS = [
    ("CN", "invention", "2001-03-15", "2005-01-01", "2021-03-14"),
    ("CN", "invention", "2000-02-29", "2005-01-01", "2020-02-28"),
    ("CN", "utility_model", "2008-02-29", "2009-01-01", "2018-02-28"),
    ("CN", "design", "2021-05-31", "2022-01-01", "2031-05-30"),
    ("CN", "design", "2021-06-01", "2022-01-01", "2036-05-31"),
    ("US", "invention", "2001-03-15", "2005-01-04", "2021-03-15"),
    ("US", "invention", "1995-06-07", "2000-05-02", "2017-05-02"),
    ("US", "invention", "1995-06-08", "2000-05-02", "2015-06-08"),
    ("US", "invention", "1990-01-10", "1992-05-05", "2010-01-10"),
    ("US", "invention", "1969-01-10", "1970-06-02", "1987-06-02"),
    ("US", "design", "2015-05-12", "2016-01-05", "2030-01-05"),
    ("US", "design", "2015-05-13", "2016-01-05", "2031-01-05"),
    ("US", "design", ..., "2015-01-06", "2029-01-06"),
    ("US", "plant", "2001-03-15", "2005-01-04", "2021-03-15"),
    ("EP", "invention", "2001-12-31", "2005-01-05", "2021-12-31"),
    ("KR", "utility_model", "2010-05-01", "2012-01-02", "2020-05-01"),
]
UNKNOWN_TERMS = [
    ("CN", "invention", ..., "2016-01-05"),
    ("CN", "plant", "2001-01-01", "2016-01-05"),
    ("US", "design", ..., "2016-01-05"),
    ("FR", "utility_model", "2001-01-01", "2016-01-05"),
    ("FR", "design", "2001-01-01", "2016-01-05"),
]


def test_a_term_ends_as_the_law_says(book: Book) -> None:
    post(
        book,
        *(grant(f"X{n:02}", granted_on, office, right=right, filed_on=filed_on)
          for n, (office, right, filed_on, granted_on, _) in enumerate(TERMS)),
    )  # fmt: skip
    assert shown(book, "patents", "term_ends_on") == [last for *_, last in TERMS]
    for n, (*_, last) in enumerate(TERMS):
        last_day = date.fromisoformat(last)
        for day, expected in ((last_day, 1), (last_day + timedelta(days=1), 0)):
            assert shown(book, "patents", "in_force", as_of=day_number(day), patent=f"X{n:02}") == [expected]


def test_a_patent_is_in_force_on_the_last_day_of_its_term_and_not_on_the_next(book: Book) -> None:
    post(book, grant("CN1B", "2005-01-01", filed_on="2001-03-01"), grant("US1B2", "2005-01-04", "US", filed_on=...))
    post(book, event_on("patent.filed", "US1B2", "2001-03-01", office="US", application_number="09/123456"))
    assert [in_force(book, day) for day in (20041231, 20050101, 20050104)] == [0, 1, 2]
    assert [in_force(book, day, office="CN") for day in (20210228, 20210301)] == [1, 0]
    assert [in_force(book, day, office="US") for day in (20210301, 20210302)] == [1, 0]


def test_an_unknown_term_does_not_end(book: Book) -> None:
    for n, (office, right, filed_on, granted_on) in enumerate(UNKNOWN_TERMS):
        post(book, grant(f"X{n}", granted_on, office, right=right, filed_on=filed_on))
    assert shown(book, "patents", "term_ends_on", "in_force", as_of=21991231) == [(None, 1)] * len(UNKNOWN_TERMS)


def test_a_us_term_runs_from_a_parent_and_may_be_disclaimed(book: Book) -> None:
    parent = {"filed_on": "2003-07-25", "earliest_filed_on": "2001-09-17", "term_adjustment_days": 333}
    post(
        book,
        grant("US1B2", "2005-02-22", "US", **parent),
        grant("US2B2", "2005-02-22", "US", **parent, terminal_disclaimer=True),
        grant("US3B2", "2005-02-22", "US", **parent, terminal_disclaimer=True, disclaimed_after="2020-01-31"),
        event_on("patent.term_adjusted", "US2B2", "2006-01-01", expires_on="2019-12-31"),
    )
    asked = ("patent", "term_ends_on", "term_disclaimed")
    adjusted, cut = ("US1B2", "2022-08-16", 0), ("US3B2", "2020-01-31", 0)
    assert shown(book, "patents", *asked, as_of=20051231) == [adjusted, ("US2B2", "2022-08-16", 1), cut]
    assert shown(book, "patents", *asked, as_of=20060101) == [adjusted, ("US2B2", "2019-12-31", 0), cut]


def test_a_term_is_adjusted(book: Book) -> None:
    post(
        book,
        grant("CN1B", "2005-01-01", filed_on="2001-03-01"),
        event_on("patent.term_adjusted", "CN1B", "2006-01-01", expires_on="2021-12-31"),
    )
    assert shown(book, "patents", "term_ends_on", as_of=20051231) == ["2021-02-28"]
    assert shown(book, "patents", "term_ends_on", as_of=20060101) == ["2021-12-31"]
    assert [in_force(book, day) for day in (20211231, 20220101)] == [1, 0]


# ---- in force


def test_a_restoration_removes_the_cessation(book: Book) -> None:
    ceased = event_on("patent.ceased", "CN1B", "2020-01-01")
    post(book, grant("CN1B", "2015-01-01"), ceased)
    assert [in_force(book, day) for day in (20191231, 20200101)] == [1, 0]
    restored = event_on("patent.restored", "CN1B", "2020-09-01")
    post(book, restored)
    assert [in_force(book, day) for day in (20191231, 20200101, 20200901)] == [1, 1, 1]
    post(book, event_on("patent.ceased", "CN1B", "2022-01-01"))
    assert [in_force(book, day) for day in (20200101, 20211231, 20220101)] == [1, 1, 0]
    post(book, voided(restored))
    assert in_force(book, 20200901) == 0
    assert shown(book, "patents", "in_force", as_of=20200901, recorded=True) == [1]


def test_only_a_full_invalidation_ends_a_patent(book: Book) -> None:
    post(book, grant("CN1B", "2015-01-01"), event_on("patent.invalidated", "CN1B", "2016-01-01", extent="partial"))
    assert in_force(book, 20160101) == 1
    post(book, event_on("patent.invalidated", "CN1B", "2017-01-01", extent="full"))
    assert [in_force(book, day) for day in (20161231, 20170101)] == [1, 0]


def test_the_earliest_end_counts_in_any_order_of_the_log(book: Book) -> None:
    post(
        book,
        event_on("patent.ceased", "CN1B", "2020-01-01"),
        event_on("patent.invalidated", "CN1B", "2018-01-01", extent="full"),
        grant("CN1B", "2015-01-01"),
    )
    assert [in_force(book, day) for day in (20171231, 20180101)] == [1, 0]
    assert shown(book, "patents", "ended_on", as_of=20990101) == ["2018-01-01"]
    assert shown(book, "patents", "ended_on", as_of=20171231) == [None]


def test_a_patent_counts_in_its_region_office_right_and_industry(book: Book) -> None:
    post(
        book,
        grant("CN1B", "2015-01-01"),
        grant("CN2B", "2016-01-01", region=...),
        grant("CN3B", "2016-01-01", region="CN-BJ", ipc=SEMI),
        grant("CN4U", "2016-01-01", right="utility_model"),
        grant("CN5B", "2016-01-01"),
    )
    columns = ("region", "office", "right", "industry")
    assert shown(book, "patents", *columns, as_of=20170101) == [
        ("CN-SH", "CN", "invention", "AI"),
        (None, "CN", "invention", "AI"),
        ("CN-BJ", "CN", "invention", "SEMI"),
        ("CN-SH", "CN", "utility_model", "AI"),
        ("CN-SH", "CN", "invention", "AI"),
    ]


def test_patents_shows_each_patent_as_of_the_day(book: Book) -> None:
    assets = [{"id": "CN1B", "right": "invention"}, {"id": "CN2B", "right": "invention"}]
    post(
        book,
        grant("CN1B", "2015-01-01", family_id="F1"),
        grant("CN2B", "2015-01-01"),
        event_on("patent.published", "CN2B", "2013-01-01", filed_on="2012-02-03", family_id="F2"),
        event_on("patent.preserved", "CN1B", "2016-01-01"),
        event_on("patent.discharged", "CN1B", "2017-01-01"),
        event_on("patent.challenged", "CN2B", "2016-06-01"),
        event_on("patent.upheld", "CN2B", "2017-01-01"),
        event_on("pledge.registered", "P1", "2016-01-01", assets=assets),
        event_on("pledge.modified", "P1", "2016-06-01", released=["CN1B"]),
        event_on("pledge.cancelled", "P1", "2017-01-01"),
    )
    columns = ("patent", "family_id", "filed_on", "preserved", "challenged", "encumbered")
    known = ("CN1B", "F1", None), ("CN2B", "F2", "2012-02-03")
    for as_of, first, second in (
        (20151231, (0, 0, 0), (0, 0, 0)),
        (20160101, (1, 0, 1), (0, 0, 1)),
        (20160601, (1, 0, 0), (0, 1, 1)),
        (20170101, (0, 0, 0), (0, 0, 0)),
    ):
        assert shown(book, "patents", *columns, as_of=as_of) == [known[0] + first, known[1] + second]


def test_an_end_can_be_logged_before_its_beginning(book: Book) -> None:
    post(
        book,
        grant("CN1B", "2015-01-01"),
        event_on("patent.discharged", "CN1B", "2017-01-01"),
        event_on("patent.preserved", "CN1B", "2016-01-01"),
        event_on("patent.upheld", "CN1B", "2017-01-01"),
        event_on("patent.challenged", "CN1B", "2016-01-01"),
    )
    found = [shown(book, "patents", "preserved", "challenged", as_of=day) for day in (20161231, 20170101)]
    assert found == [[(1, 1)], [(0, 0)]]


def test_a_partial_invalidation_decides_a_challenge(book: Book) -> None:
    post(
        book,
        grant("CN1B", "2015-01-01"),
        event_on("patent.challenged", "CN1B", "2016-01-01"),
        event_on("patent.invalidated", "CN1B", "2017-01-01", extent="partial"),
    )
    assert [shown(book, "patents", "challenged", as_of=day) for day in (20161231, 20170101)] == [[1], [0]]


# ---- trademarks and international applications


def mark(subject: str, occurred_on: str, **data: Any) -> Event:
    return event_on("trademark.registered", subject, occurred_on, **{"region": "CN-SH", "valid_to": ..., **data})


def test_trademarks_are_valid_until_their_term_or_their_cessation(book: Book) -> None:
    post(
        book,
        mark("1", "2010-01-01", valid_to="2019-12-31"),
        event_on("trademark.renewed", "1", "2020-03-01", valid_to="2029-12-31"),
        mark("2", "2010-01-01"),
        event_on("trademark.ceased", "2", "2021-01-01"),
        mark("3", "2010-01-02", region="CN"),
        mark("4", "2010-01-02", region=...),
    )

    def valid(as_of: int) -> Any:
        return shown(book, "trademarks", "region", "trademarks", as_of=as_of)

    assert valid(20091231) == []
    assert valid(20100101) == [("ALL", 2), ("CN", 2), ("CN-SH", 2)]
    assert valid(20191231) == [(None, 1), ("ALL", 4), ("CN", 3), ("CN-SH", 2)]
    assert valid(20200101) == valid(20200301) == valid(20201231) == valid(20191231)
    assert valid(20210101) == valid(20291231) == [(None, 1), ("ALL", 3), ("CN", 2), ("CN-SH", 1)]
    assert valid(20300101) == [(None, 1), ("ALL", 2), ("CN", 1)]


def test_international_applications_are_counted_on_two_bases(book: Book) -> None:
    def filed(number: str, occurred_on: str, office: str, **data: Any) -> Event:
        subject = f"PCT/{office}2023/{number}"
        return event_on("pct.filed", subject, occurred_on, number=subject, receiving_office=office, **data)

    post(
        book,
        filed("000001", "2023-01-01", "CN", region="CN-SH"),
        filed(
            "000002", "2023-12-31", "CN", applicants=[{"name": "A", "country": "CN"}, {"name": "B", "country": "US"}]
        ),
        filed("000003", "2023-06-01", "CN", region="US-CA"),
        filed("000004", "2023-06-01", "IB", applicants=[{"name": "A"}]),
        filed("000005", "2024-01-01", "CN", region="CN-SH"),
    )
    assert shown(book, "pct", "basis", "region_or_office", "filings", year="2023") == [
        ("origin", None, 1),
        ("origin", "ALL", 4),
        ("origin", "CN", 2),
        ("origin", "CN-SH", 1),
        ("origin", "US", 1),
        ("origin", "US-CA", 1),
        ("receiving_office", "ALL", 4),
        ("receiving_office", "CN", 3),
        ("receiving_office", "IB", 1),
    ]
    assert shown(book, "pct", "region_or_office", "filings", year="2024", basis="receiving_office") == [
        ("ALL", 1),
        ("CN", 1),
    ]


# ---- ten years


def test_a_decade_is_the_same_day_ten_years_before(book: Book) -> None:
    days = ["2014-01-01", "2014-02-28", "2014-03-01", "2024-01-01", "2023-12-31", "2024-03-01"]
    applications = [(f"PCT/CN{day[:4]}/{n:06}", day) for n, day in enumerate(days)]
    post(
        book,
        grant("CN1B", "2014-02-28"),
        grant("CN2B", "2014-03-01"),
        grant("CN3B", "2024-02-29"),
        grant("CN4U", "2014-01-01", right="utility_model"),
        mark("1", "2013-01-01", valid_to="2023-01-01"),
        mark("2", "2024-01-01", region="CN-BJ"),
        *(event_on("pct.filed", number, day, number=number, region="CN-SH") for number, day in applications),
    )
    columns = ("metric", "value", "earlier", "ratio")
    assert shown(book, "decade_ratio", *columns, as_of=20240229, region="CN-SH") == [
        ("in_force", 3, 1, 3.0),
        ("pct_filings", 1, 2, 0.5),
        ("trademarks", 0, 1, 0.0),
    ]
    assert shown(book, "decade_ratio", *columns, as_of=20241231, region="CN") == [
        ("in_force", 3, 2, 1.5),
        ("pct_filings", 2, 3, 2 / 3),
        ("trademarks", 1, 1, 1.0),
    ]
    assert shown(book, "decade_ratio", *columns, as_of=20240229, region="CN-BJ") == [("trademarks", 1, 0, None)]


def test_a_stock_on_both_bases(book: Book) -> None:
    wrong = grant("CN1B", "2014-01-01")
    registered = mark("1", "2013-01-01")
    post(book, wrong, registered, corrected(wrong, region="CN-BJ"), voided(registered))
    assert shown(book, "patents", "region", as_of=20200101) == ["CN-BJ"]
    assert shown(book, "patents", "region", as_of=20200101, recorded=True) == ["CN-SH"]
    assert shown(book, "trademarks", "trademarks", as_of=20200101) == []
    assert shown(book, "trademarks", "trademarks", as_of=20200101, recorded=True, region="ALL") == [1]
    assert shown(book, "decade_ratio", "metric", as_of=20200101, region="CN-SH", recorded=True) == [
        "in_force",
        "trademarks",
    ]
