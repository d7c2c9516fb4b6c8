"""High-value inventions: each criterion, their union, their parameters, and the denominator of "per 10,000"."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20230101


def invention(subject: str, occurred_on: str = "2020-01-01", **data: Any) -> Event:
    number = {"EP": "1234567", "US": "10000000"}.get(data.get("office", "CN"), "109000001")
    defaults = {"office": "CN", "number": number, "kind": "B", "region": "CN-SH", "right": "invention"}
    return event_on("patent.granted", subject, occurred_on, **{**defaults, "applicants": [], **data})


def pledge(subject: str, *ids: str, occurred_on: str = "2022-01-01", **data: Any) -> Event:
    assets = [{"id": each, "right": "invention"} for each in ids]
    return event_on("pledge.registered", subject, occurred_on, **{"assets": assets, "secured": money("100.00"), **data})


def policy(name: str, value: str, occurred_on: str = "2021-01-01", **data: Any) -> Event:
    return event_on(
        "reference.policy", f"policy/{name}", occurred_on, policy=name, **{"right": ..., "value": value, **data}
    )


def criteria(book: Book, as_of: int = DAY) -> dict[str, str]:
    """Return the criteria that each invention of the view meets, as digits, and `l` for c2_loose."""
    columns = ("patent", "c1", "c2", "c3", "c4", "c5", "c2_loose")
    return {
        patent: "".join(digit for digit, met in zip("12345l", met_ones, strict=True) if met)
        for patent, *met_ones in shown(book, "high_value_patents", *columns, as_of=as_of)
    }


# ---- the criteria


def test_c1_is_a_tag_and_never_the_classification(book: Book) -> None:
    post(
        book,
        invention("CN1B", ipc=["G06N0003047500"]),
        invention("CN2B", tags=["genai", "sei"]),
        invention("CN3B"),
        event_on("patent.tagged", "CN3B", "2022-06-01", tag="sei", tag_source="declared", **NO_MODEL),
        invention("CN4B"),
        event_on("patent.published", "CN4B", "2018-01-01", tags=["sei"]),
        invention("CN5B"),
        event_on("patent.tagged", "CN5B", "2022-06-01", tag="genai", tag_source="declared", **NO_MODEL),
    )
    assert criteria(book) == {"CN2B": "1", "CN3B": "1", "CN4B": "1"}
    assert criteria(book, 20220531) == {"CN2B": "1", "CN4B": "1"}


NO_MODEL = {"model_id": ..., "model_version": ..., "confidence": ...}


def test_c2_is_a_patent_of_the_family_granted_at_another_office(book: Book) -> None:
    post(
        book,
        *(invention(f"CN{n}B", family_id=f"F{n}") for n in range(1, 6)),
        invention("CN6B"),
        event_on("patent.filed", "US1", "2021-01-01", office="US", application_number="17/123456", family_id="F1"),
        event_on("patent.published", "EP2A1", "2021-02-01", office="EP", number="1234567", kind="A1", family_id="F2"),
        invention("US3B2", "2021-03-01", office="US", region="US", family_id="F3"),
        event_on("patent.published", "CN4A", "2021-01-01", family_id="F4"),
        invention("US5B2", "2023-01-02", office="US", region="US", family_id="F5"),
        invention("US7B2", office="US", region="US"),
    )
    assert criteria(book) == {"CN3B": "2l", "US3B2": "2l"}
    assert criteria(book, 20210131) == {}
    assert criteria(book, 20230102).keys() == {"CN3B", "US3B2", "CN5B", "US5B2"}
    counts = ("high_value", "c2", "c2_loose", "high_value_loose")
    assert shown(book, "high_value", *counts, as_of=DAY, region="ALL") == [(2, 2, 4, 4)]
    assert shown(book, "high_value", *counts, as_of=20210131, region="ALL") == [(0, 0, 1, 1)]


def test_of_patentees_in_china_only_what_cnipa_granted_counts(book: Book) -> None:
    """CNIPA counts patents of residents "granted by CNIPA" (State Council, Guofa 2021 No. 20)."""
    post(
        book,
        invention("CN1B", family_id="F1"),
        invention("US1B2", office="US", region="CN-SH", family_id="F1"),
        invention("US2B2", office="US", region="CN"),
        invention("CN3B", region="US"),
        invention("US4B2", office="US", region="CN-HK"),
        invention("US5B2", office="US", region=...),
        event_on(
            "reference.population",
            "population/CN-SH/2021",
            "2022-03-01",
            region="CN-SH",
            as_of="2021-12-31",
            persons=10_000,
        ),
    )
    assert criteria(book) == {"CN1B": "2l"}
    rows = shown(book, "high_value", "region", "in_force", "high_value", as_of=DAY)
    assert rows == [
        (None, 1, 0),
        ("ALL", 4, 1),
        ("CN", 1, 1),
        ("CN-HK", 1, 0),
        ("CN-SH", 1, 1),
        ("HK", 1, 0),
        ("US", 1, 0),
    ]
    assert shown(book, "per_10k", "metric", "per_10k", as_of=DAY) == [("high_value", "1.0"), ("in_force", "1.0")]


def test_an_international_application_is_no_patent_right_overseas(book: Book) -> None:
    """A case of the field: a family whose only foreign member is a WO application."""
    wo = {"office": "WO", "number": "2017000001", "kind": "A1"}
    post(
        book,
        invention("CN100000052B", "2018-01-01", family_id="FAM1"),
        event_on("patent.published", "WO2017000001A1", "2017-01-05", family_id="FAM1", **wo),
    )
    counts = ("high_value", "c2", "c2_loose", "high_value_loose")
    assert shown(book, "high_value", *counts, as_of=DAY, region="ALL") == [(0, 0, 1, 1)]
    assert shown(book, "high_value_patents", "patent", as_of=DAY) == []


def test_c3_is_more_than_ten_years_since_the_grant(book: Book) -> None:
    post(book, invention("CN1B", "2012-02-29", filed_on="2009-06-01"), invention("CN2B", "2013-01-01"))
    assert criteria(book, 20220228) == {}
    assert criteria(book, 20220301) == {"CN1B": "3"}
    assert criteria(book, 20230101) == {"CN1B": "3"}
    assert criteria(book, 20230102) == {"CN1B": "3", "CN2B": "3"}
    assert set(shown(book, "high_value", "years", "years_from", as_of=DAY)) == {("10", "grant")}


def test_c3_follows_the_policy(book: Book) -> None:
    post(
        book,
        invention("CN1B", "2020-01-01", filed_on="2014-07-31"),
        invention("CN2B", "2015-01-01"),
        policy("high_value_years", "7.5", anchor="filing"),
    )
    assert criteria(book, 20220131) == {}
    assert criteria(book, 20220201) == {"CN1B": "3"}
    assert shown(book, "high_value", "years", "years_from", as_of=20220201, region="CN-SH") == [("7.5", "filing")]
    post(book, policy("high_value_years", "999999999999999999"))
    assert criteria(book) == {}


def test_c4_is_any_known_amount_without_a_policy(book: Book) -> None:
    post(
        book,
        *(invention(f"CN{n}B") for n in range(1, 7)),
        pledge("P1", "CN1B", "CN9B"),
        pledge("P2", "CN2B", secured=..., amount_status="undisclosed"),
        pledge("P3", "CN3B", secured=money("0.00")),
        pledge("P4", "CN4B", occurred_on="2023-01-02"),
        pledge("P5", "CN5B"),
        event_on("pledge.cancelled", "P5", "2022-02-01"),
        pledge("P6", "CN6B", secured=..., amount_status="undisclosed"),
        event_on("pledge.modified", "P6", "2022-03-01", secured=money("5.00", "USD")),
    )
    assert criteria(book) == {"CN1B": "4", "CN5B": "4", "CN6B": "4"}
    assert criteria(book, 20220228) == {"CN1B": "4", "CN5B": "4"}


def test_c4_is_the_whole_amount_of_one_pledge_against_the_threshold(book: Book) -> None:
    post(
        book,
        invention("CN1B"),
        invention("CN2B"),
        pledge("P1", "CN1B", "CN9B"),
        pledge("P2", "CN2B", secured=money("5", "JPY")),
        pledge("P3", "CN1B", secured=money("60.00")),
    )
    for value, currency, met in [
        ("100", "CNY", {"CN1B"}),
        ("100.01", "CNY", set()),
        ("100.001", "CNY", set()),
        ("99.999999999999", "CNY", {"CN1B"}),
        ("5", "JPY", {"CN2B"}),
        ("5.1", "JPY", set()),
        ("0", "USD", set()),
        ("999999999999999999", "CNY", set()),
    ]:
        post(book, policy("high_value_pledge", value, currency=currency))
        assert criteria(book).keys() == met
        parameters = shown(book, "high_value", "pledge_least", "pledge_currency", as_of=DAY, region="ALL")
        assert parameters == [(value, currency)]


def test_c5_is_one_of_two_awards(book: Book) -> None:
    awards = ["state_science_technology", "china_patent", "other"]
    for number, award in enumerate(awards):
        post(book, invention(f"CN{number}B"), event_on("patent.awarded", f"CN{number}B", "2022-12-01", award=award))
    assert criteria(book) == {"CN0B": "5", "CN1B": "5"}
    assert criteria(book, 20221130) == {}


# ---- which policy


def test_a_regions_policy_comes_before_a_general_one_and_then_the_last_in_the_log(book: Book) -> None:
    def years(value: str, occurred_on: str = "2021-01-01", **data: Any) -> Event:
        return policy("high_value_years", value, occurred_on, **data)

    def echoed(as_of: int) -> Any:
        return dict(shown(book, "high_value", "region", "years", as_of=as_of))

    regions = ["CN-SH", "CN-BJ", "US", ...]
    post(book, *(invention(f"CN{n}B", region=region) for n, region in enumerate(regions)))
    post(
        book,
        years("5", region="CN-SH", valid_to="2021-12-31"),
        years("6", "2020-06-01"),
        years("7", region="CN"),
        years("8"),
        years("9", "2030-01-01"),
        years("4", right="design"),
    )
    assert echoed(20210101) == {None: "8", "ALL": "8", "CN": "7", "CN-BJ": "7", "CN-SH": "5", "US": "8"}
    assert echoed(20220101)["CN-SH"] == "7"
    assert echoed(20201231) == dict.fromkeys((None, "ALL", "CN", "CN-BJ", "CN-SH", "US"), "6")
    assert echoed(20300101)["CN-BJ"] == "7"
    assert echoed(20300101)["US"] == "9"


# ---- the union


def test_each_patent_counts_once_and_overlaps_are_shown(book: Book) -> None:
    all_five = invention("CN5B", "2012-01-01", tags=["sei"], family_id="F")
    post(
        book,
        all_five,
        event_on("patent.awarded", "CN5B", "2013-01-01", award="china_patent"),
        pledge("P1", "CN5B", "CN2B"),
        invention("US1B2", office="US", region="US-CA", family_id="F"),
        invention("CN2B", tags=["sei"]),
        invention("CN1B", region="CN-BJ", tags=["sei"]),
        invention("CN0B"),
        invention("CN9U", right="utility_model", tags=["sei"]),
        invention("CN8B", tags=["sei"]),
        event_on("patent.ceased", "CN8B", "2022-01-01"),
    )
    counts = ("region", "in_force", "high_value", "c1", "c2", "c3", "c4", "c5")
    assert shown(book, "high_value", *counts, as_of=DAY) == [
        ("ALL", 5, 4, 3, 2, 1, 2, 1),
        ("CN", 4, 3, 3, 1, 1, 2, 1),
        ("CN-BJ", 1, 1, 1, 0, 0, 0, 0),
        ("CN-SH", 3, 2, 2, 1, 1, 2, 1),
        ("US", 1, 1, 0, 1, 0, 0, 0),
        ("US-CA", 1, 1, 0, 1, 0, 0, 0),
    ]
    overlaps = [f"exactly_{n}" for n in range(1, 6)]
    assert shown(book, "high_value", *overlaps, "share", as_of=DAY, region="ALL") == [(2, 1, 0, 0, 1, 0.8)]
    assert shown(book, "high_value_patents", "patent", "criteria", as_of=DAY, region="CN-SH") == [
        ("CN2B", 2),
        ("CN5B", 5),
    ]
    assert shown(book, "high_value", "high_value", as_of=20211231, region="CN-SH") == [3]


def test_both_bases(book: Book) -> None:
    first, second = invention("CN1B", tags=["sei"]), pledge("P1", "CN2B")
    post(book, first, invention("CN2B"), second, corrected(first, tags=...), voided(second))
    assert shown(book, "high_value", "high_value", as_of=DAY, region="ALL") == [0]
    assert shown(book, "high_value", "high_value", as_of=DAY, region="ALL", recorded=True) == [2]
    assert shown(book, "high_value_patents", "patent", as_of=DAY) == []
    assert shown(book, "high_value_patents", "patent", as_of=DAY, recorded=True) == ["CN1B", "CN2B"]


# ---- per 10,000 residents


def population(region: str, year_end: str, published_on: str, persons: int, **data: Any) -> Event:
    defaults = {"region": region, "as_of": year_end, "persons": persons, "publisher": "A bureau", **data}
    return event_on("reference.population", f"population/{region}/{year_end}", published_on, **defaults)


SHANGHAI = [
    population("CN-SH", "2020-12-31", "2021-03-20", 248_836),
    population("CN-SH", "2021-12-31", "2022-03-15", 248_943),
    population("CN-SH", "2022-12-31", "2023-03-22", 247_589),
]
"""Of Shanghai, in hundreds; 101,800 inventions at the end of 2022 were published as 40.9 per 10,000."""


def test_the_denominator_is_the_latest_year_end_published_by_the_day(book: Book) -> None:
    post(book, *(invention(f"CN{n}B", tags=["sei"]) for n in range(1018)), *SHANGHAI)
    columns = ("metric", "count", "population", "population_as_of", "published_on", "per_10k")
    for as_of, persons, year_end, published_on, per_10k in (
        (20220314, 248_836, "2020-12-31", "2021-03-20", "40.9"),
        (20221231, 248_943, "2021-12-31", "2022-03-15", "40.9"),
        (20230322, 247_589, "2022-12-31", "2023-03-22", "41.1"),
    ):
        expected = (1018, persons, year_end, published_on, per_10k)
        assert shown(book, "per_10k", *columns, as_of=as_of, region="CN-SH") == [
            ("high_value", *expected),
            ("in_force", *expected),
        ]
    (ratio, _) = shown(book, "per_10k", "ratio", as_of=20221231)
    assert ratio == pytest.approx(10_000 * 101_800 / 24_894_300, rel=1e-12)


def test_the_last_of_several_publications_counts(book: Book) -> None:
    post(
        book,
        invention("CN1B"),
        population("CN", "2021-12-31", "2022-03-01", 3_000),
        population("CN", "2021-12-31", "2022-02-01", 4_000, publisher="Late in the log"),
        population("CN", "2020-12-31", "2022-12-31", 5_000),
        population("CN", "2022-11-01", "2022-12-01", 6_000),
        population("CN", "2030-12-31", "2022-06-01", 7_000),
        population("US", "2021-12-31", "2022-01-01", 0),
    )
    columns = ("region", "metric", "count", "population", "per_10k")
    assert shown(book, "per_10k", *columns, as_of=20220228) == [
        ("CN", "high_value", 0, 4_000, "0.0"),
        ("CN", "in_force", 1, 4_000, "2.5"),
        ("US", "high_value", 0, 0, None),
        ("US", "in_force", 0, 0, None),
    ]
    assert shown(book, "per_10k", "population", as_of=DAY, region="CN", metric="in_force") == [3_000]
    post(book, population("CN", "2021-12-31", "2022-03-01", 2_000, publisher="Another one"))
    assert shown(book, "per_10k", "population", as_of=DAY, region="CN", metric="in_force") == [2_000]


def test_half_a_tenth_is_rounded_up(book: Book) -> None:
    expected = {40_000: "0.3", 40_001: "0.2", 200_000: "0.1", 200_001: "0.0", 7: "1428.6"}
    for number, (region, persons) in enumerate(
        zip(("CN-SH", "CN-BJ", "CN-TJ", "CN-GD", "CN-ZJ"), expected, strict=True)
    ):
        post(book, invention(f"CN{number}B", region=region), population(region, "2021-12-31", "2022-03-01", persons))
    assert dict(shown(book, "per_10k", "population", "per_10k", as_of=DAY, metric="in_force")) == expected
