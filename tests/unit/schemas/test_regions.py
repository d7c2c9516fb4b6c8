"""Countries and regions of ISO 3166: today's, and former ones on the days on which they were valid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pycountry
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.codec import Refusal, judge
from schemas.regions import FORMER, TODAY
from tests.each_case import each_case
from tests.events import Event, example_event, granted, registered, value_of
from tests.posting import event_on


def refused(event: Event) -> str | None:
    """Return the message of the refusal, or None if the event is accepted."""
    found = judge(value_of(event))
    return found.message if isinstance(found, Refusal) else None


def test_the_codes_of_today_are_those_of_the_library() -> None:
    countries = {one.alpha_2 for one in pycountry.countries}
    assert countries | {one.code for one in pycountry.subdivisions} | {"XK"} == TODAY
    assert len(countries) == 249


def test_former_countries_are_those_of_iso_3166_3() -> None:
    for one in pycountry.historic_countries:
        day = one.withdrawal_date if len(one.withdrawal_date) == 10 else f"{one.withdrawal_date}-12-31"
        if one.alpha_2 not in TODAY:  # AI, BQ, BY, GE and SK mean others today
            assert date.fromisoformat(day) in [span.last_day for span in FORMER[one.alpha_2]], one
    assert {code for code in FORMER if len(code) == 2} == {
        *("AN", "BU", "CS", "CT", "DD", "DY", "FQ", "FX", "HV", "JT", "MI", "NH", "NQ", "NT", "PC", "PU", "PZ", "RH"),
        *("SU", "TP", "VD", "WK", "YD", "YU", "ZR"),
    }
    assert FORMER.keys().isdisjoint(TODAY)


@each_case("code", ["CN", "CN-SH", "CN-HK", "HK", "TW", "US-CA", "US-PR", "GB-ENG", "FR-75C", "JP-13"])
def test_a_code_of_today_is_valid_on_any_day(code: str) -> None:
    for day in ("1975-01-01", "2023-05-02"):
        assert refused(granted(region=code, occurred_on=day)) is None


@each_case(
    ("code", "text"),
    [
        ("US-ZZ", "region US-ZZ is not a subdivision of ISO 3166-2"),
        ("QQ", "QQ is not a country of ISO 3166-1"),
        ("UK", "UK is not a country of ISO 3166-1"),
        ("XX", "XX is not a country of ISO 3166-1"),
        ("EP", "EP is not a country of ISO 3166-1"),
        ("CN-ZZ", "region CN-ZZ is not a subdivision"),
        ("UK-ENG", "region UK-ENG is not a subdivision"),
    ],
)
def test_a_code_that_iso_3166_never_had_is_refused(code: str, text: str) -> None:
    assert text in (refused(granted(region=code)) or "")
    if len(code) == 2:
        assert text in (refused(granted(applicants=[{"name": "A", "country": code}])) or "")


@each_case(
    ("code", "last", "next_day"),
    [
        ("DD", "1990-10-30", "1990-10-31"),
        ("SU", "1992-08-30", "1992-08-31"),
        ("YU", "2003-07-23", "2003-07-24"),
        ("ZR", "1997-07-14", "1997-07-15"),
        ("TP", "2002-05-20", "2002-05-21"),
        ("AN", "2010-12-15", "2010-12-16"),
        ("CS", "2006-09-26", "2006-09-27"),
        ("CS", "1993-06-15", "1998-01-01"),
        ("CN-31", "2019-08-18", "2019-08-19"),
    ],
)
def test_a_former_code_is_valid_up_to_its_last_day(code: str, last: str, next_day: str) -> None:
    assert refused(granted(region=code, occurred_on=last)) is None
    text = f"{code} is valid up to {last}, not on {next_day}: ISO 3166 has withdrawn it"
    assert text in (refused(granted(region=code, occurred_on=next_day)) or "")


def test_the_countries_of_all_parties_are_of_the_day_of_the_event() -> None:
    def party(code: str) -> Any:
        return {"name": "A", "country": code}

    for field in ("applicants", "assignees", "inventors"):
        parties: dict[str, Any] = {field: [party("DE"), party("DD")]}
        assert refused(granted(occurred_on="1985-01-01", **parties)) is None
        assert "DD is valid up to 1990-10-30" in (refused(granted(**parties)) or "")
    for field in ("pledgors", "pledgees"):
        parties = {field: [party("QQ")]}
        assert "QQ is not a country" in (refused(registered(**parties)) or "")
    assert "SU is valid up to" in (refused(registered(debtor=party("SU"))) or "")
    assert "SU is valid up to" in (refused(event_on("loan.disbursed", "L1", "2023-01-01", lender=party("SU"))) or "")
    assert refused(event_on("loan.disbursed", "L1", "1991-01-01", lender=party("SU"))) is None


def test_a_correction_is_checked_on_its_own_day() -> None:
    correction = example_event("patent.granted.corrected")
    replaced = correction["data"]["data"] | {"region": "SU", "occurred_on": "1991-01-01"}
    assert refused(correction | {"data": correction["data"] | {"data": replaced}}) is None
    later = replaced | {"occurred_on": "1993-01-01"}
    assert "SU is valid up to 1992-08-30" in (
        refused(correction | {"data": correction["data"] | {"data": later}}) or ""
    )


def test_a_figure_about_the_past_has_the_region_of_its_period() -> None:
    population = event_on("reference.population", "population/DD", "2020-01-01", region="DD", as_of="1985-12-31")
    assert refused(population) is None
    assert "DD is valid up to" in (
        refused(event_on("reference.population", "p", "2020-01-01", region="DD", as_of="1995-12-31")) or ""
    )
    figure = event_on(
        "reference.published_figure", "figure/x", "2020-01-01", region="YU", period_from=..., period_to="1999-12-31"
    )
    assert refused(figure) is None
    assert "not on 2010-12-31" in (refused(figure | {"data": figure["data"] | {"period_to": "2010-12-31"}}) or "")


@given(st.from_regex(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", fullmatch=True))
@example("NP-1")
def test_any_other_code_is_refused(code: str) -> None:
    after_all = max(span.last_day for spans in FORMER.values() for span in spans) + timedelta(days=1)
    assert (refused(granted(region=code, occurred_on=after_all.isoformat())) is None) == (code in TODAY)
