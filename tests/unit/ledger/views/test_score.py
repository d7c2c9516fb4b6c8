"""Scores of patents, their points and their evidence, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20240101
NAMES = [f"CN10900000{n}B" for n in range(1, 7)]
ONE, TWO, THREE, FOUR, FIVE, SIX = NAMES
AI = ["G06N0003047500", "G06N0020000000", "G06F0016000000"]
UNKNOWN = (0, 1_000_000)


def granted(subject: str, day: str = "2016-01-01", **data: Any) -> Event:
    """Return an invention filed in China on 1 January 2014, so that half of its term is over on 1 January 2024."""
    defaults = {
        "office": "CN",
        "number": subject[2:-1],
        "kind": "B",
        "right": "invention",
        "ipc": AI[:1],
        "region": "CN-SH",
    }
    return event_on("patent.granted", subject, day, **{"filed_on": "2014-01-01", "applicants": [], **defaults, **data})


def term(book: Book, name: str, patent: str = ONE, as_of: int = DAY, recorded: bool = False) -> Any:
    """Return (value, low, high) of a term."""
    columns = ("value", "low", "high")
    (row,) = shown(book, "score_points", *columns, as_of=as_of, recorded=recorded, patent=patent, term=name)
    return row


def rank_of(book: Book, name: str, patent: str = ONE) -> Any:
    """Return (value, cohort, worse, equal) of a ranked term."""
    (row,) = shown(book, "score_points", "value", "cohort", "worse", "equal", as_of=DAY, patent=patent, term=name)
    return row


def score(book: Book, patent: str = ONE, as_of: int = DAY) -> Any:
    return shown(book, "patent_score", "low", "high", as_of=as_of, patent=patent)


# ---- terms


def test_nothing_known_is_the_whole_interval(book: Book) -> None:
    post(book, granted(ONE, filed_on=..., ipc=[]))
    ends = shown(book, "score_points", "low", "high", as_of=DAY, patent=ONE)
    assert ends == [UNKNOWN] * 11
    assert score(book) == [UNKNOWN]
    assert shown(book, "patent_score", "filing_year", "cohort", "industry", as_of=DAY) == [(None, None, "UNK")]


def test_the_term_left_is_counted_by_months_of_30_days(book: Book) -> None:
    post(book, granted(ONE), event_on("patent.term_adjusted", ONE, "2024-02-01", expires_on="2035-12-31"))
    assert term(book, "remaining_term") == (3600, 500_000, 500_000)
    assert term(book, "remaining_term", as_of=20160701) == (6300, 875_000, 875_000)
    assert term(book, "remaining_term", as_of=20240201) == (4290, 541_666, 541_667)  # of 22 years


def test_the_term_of_a_us_design_counts_from_its_grant(book: Book) -> None:
    design = {"office": "US", "number": "D900000", "kind": "S1", "right": "design", "ipc": []}
    post(book, granted("USD900000S1", "2019-01-01", filed_on="2017-01-01", **design))
    left = 15 * 360 - 5 * 360 + 1  # the last day is 1 January 2034
    assert term(book, "remaining_term", "USD900000S1")[0] == left


def test_a_right_that_is_not_in_force_has_no_score(book: Book) -> None:
    wrong = event_on("patent.ceased", TWO, "2020-01-01")
    post(
        book,
        granted(ONE),
        event_on("patent.ceased", ONE, "2023-01-01"),
        granted(TWO),
        wrong,
        voided(wrong),
        granted(THREE, filed_on="2003-12-31"),
        granted(FOUR),
        event_on("patent.invalidated", FOUR, "2020-01-01", extent="full"),
        granted(FIVE, "2024-01-02"),
    )
    assert shown(book, "patent_score", "patent", as_of=DAY) == [TWO]
    assert shown(book, "score_points", "patent", as_of=DAY, term="award") == [TWO]
    assert shown(book, "patent_score", "patent", as_of=DAY, recorded=True) == []
    assert shown(book, "patent_score", "patent", as_of=20221231) == [ONE, TWO, THREE]


def test_what_events_add_up_to_is_a_lower_end(book: Book) -> None:
    pool = {"assets": [asset(id=ONE)]}
    post(
        book,
        granted(ONE),
        event_on("patent.challenged", ONE, "2020-01-01"),
        event_on("patent.upheld", ONE, "2020-06-01"),
        event_on("patent.invalidated", ONE, "2021-01-01", extent="partial"),
        event_on("patent.fee_paid", ONE, "2020-01-01", fee_year=4),
        event_on("patent.fee_paid", ONE, "2020-02-01", fee_year=4),  # repeated: it is one year
        event_on("patent.fee_paid", ONE, "2025-01-01", fee_year=5),
        event_on("patent.awarded", ONE, "2022-01-01", award="china_patent"),
        event_on("licence.recorded", "L1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("licence.recorded", "L2", "2020-01-01", fee="royalty", royalty_bp=100, **pool),
        event_on("licence.recorded", "L3", "2025-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("assignment.recorded", "A1", "2020-01-01", conveyance="assignment", price=money("1.00"), **pool),
        event_on("assignment.recorded", "A2", "2020-01-01", conveyance="merger", price=money("1.00"), **pool),
        event_on("open_licence.declared", "O1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("open_licence.accepted", "O1", "2020-02-01", amount=money("1.00")),
        event_on("open_licence.accepted", "O1", "2020-03-01"),
    )
    assert term(book, "survived") == (2, 666_666, 1_000_000)
    assert term(book, "renewals") == (1, 50_000, 1_000_000)
    assert term(book, "priced_deals") == (3, 750_000, 1_000_000)
    assert term(book, "award") == (1, 1_000_000, 1_000_000)
    assert term(book, "award", as_of=20211231) == (0, 0, 1_000_000)


# ---- ranks


def abroad(subject: str, office: str, number: str) -> Event:
    """Return a publication of family F1 at another office."""
    defaults = {"office": office, "number": number, "application_number": ..., "ipc": [], "applicants": []}
    return event_on("patent.published", subject, "2015-06-01", family_id="F1", **defaults)


def test_ranks_are_those_in_the_cohort(book: Book) -> None:
    post(
        book,
        granted(ONE, "2015-01-01", ipc=AI, claims=10, backward_cites=["X1"], family_id="F1"),
        granted(TWO, "2018-01-01", claims=10, backward_cites=["X1", "X2", "X2"], family_id="F2"),
        granted(THREE, "2016-01-01", claims=3, backward_cites=[]),
        granted(FOUR, "2020-01-02", family_id="F1"),
        granted(FIVE, "2016-01-01", filed_on="2013-12-31", claims=900, backward_cites=[ONE, TWO, FIVE]),
        granted(SIX, "2020-01-02", filed_on="2013-12-31", backward_cites=[ONE]),
        abroad("US1A1", "US", "10000000"),
        abroad("US2A1", "US", "10000001"),
        abroad("EP1A1", "EP", "1234567"),
    )
    assert rank_of(book, "claims") == (10, 3, 1, 2)
    assert term(book, "claims") == (10, 333_333, 1_000_000)
    assert term(book, "claims", THREE) == (3, 0, 333_334)
    assert term(book, "claims", FOUR) == (None, *UNKNOWN)
    assert term(book, "claims", FIVE) == (900, *UNKNOWN)  # alone with a known value
    assert rank_of(book, "scope") == (2, 4, 3, 1)
    assert rank_of(book, "backward_cites", TWO) == (2, 3, 2, 1)
    assert rank_of(book, "family_offices") == (3, 3, 1, 2)
    assert rank_of(book, "family_offices", FOUR) == (3, 3, 1, 2)
    assert rank_of(book, "grant_lag") == (360, 4, 3, 1)  # the shortest is the best
    assert rank_of(book, "grant_lag", FOUR) == (2161, 4, 0, 1)
    assert rank_of(book, "forward_cites") == (1, 3, 1, 2)  # not by SIX, five years and a day later
    assert rank_of(book, "forward_cites", THREE) == (0, 3, 0, 1)
    assert rank_of(book, "forward_cites", TWO) == (1, 3, 1, 2)
    assert shown(book, "patent_score", "cohort", as_of=DAY) == [4, 4, 4, 4, 2, 2]


def test_a_patent_without_ipc_has_no_cohort_to_choose(book: Book) -> None:
    post(book, granted(ONE, ipc=[], claims=9), granted(TWO, ipc=[], claims=1))
    assert term(book, "claims") == (9, *UNKNOWN)
    assert shown(book, "patent_score", "cohort", as_of=DAY) == [None, None]


def test_citations_are_unknown_until_their_five_years_are_over(book: Book) -> None:
    post(
        book,
        granted(ONE, "2018-12-31"),
        granted(TWO, "2019-01-01"),
        granted(THREE, "2019-02-01", filed_on="2015-01-01", backward_cites=[ONE, TWO]),
    )
    assert rank_of(book, "forward_cites") == (1, 1, 0, 1)
    assert rank_of(book, "forward_cites", TWO)[0] is None
    assert term(book, "forward_cites", TWO, as_of=20240102)[0] == 1


def test_citations_of_the_own_cohort_do_not_count(book: Book) -> None:
    post(book, granted(ONE), granted(TWO, backward_cites=[ONE]), granted(THREE, ipc=[], backward_cites=[ONE]))
    assert rank_of(book, "forward_cites") == (1, 2, 1, 1)


# ---- weights


def weights(name: str, day: str = "2013-06-06", subject: str = "weights", **given: Any) -> Event:
    terms = {key: value for key, value in given.items() if key not in ("valid_to", "publisher")}
    more = {key: value for key, value in given.items() if key not in terms}
    return event_on("reference.weight_set", subject, day, name=name, weights=terms, **more)


def test_the_ledgers_own_set_stands_without_events(book: Book) -> None:
    columns = ("weights", "publisher", "remaining_term", "scope", "generality", "award", "id")
    assert shown(book, "weight_sets", *columns, as_of=DAY) == [("ipl-equal-2", "ip-ledger", 5, 3, 0, 5, None)]
    post(book, granted(ONE))
    third = 500_000 * 5
    assert score(book) == [(third // 45, 944_445)]
    assert shown(book, "patent_score", "legal_low", "technical_low", "economic_low", as_of=DAY) == [(166_666, 0, 0)]


def test_a_set_of_weights_is_an_event(book: Book) -> None:
    wrong = weights("desk", "2015-01-01", remaining_term=1)
    post(
        book,
        granted(ONE),
        event_on("patent.awarded", ONE, "2022-01-01", award="china_patent"),
        wrong,
        corrected(wrong, weights={"remaining_term": 1, "award": 3}),
        weights("old", valid_to="2023-12-31", award=1),
        weights("later", "2024-01-02", award=1),
        weights("twice", claims=1),
        weights("twice", subject="weights/2", award=2),
        weights("ipl-equal-2", "2020-01-01", publisher="A bank", award=1, generality=1),
    )
    columns = ("weights", "low", "high", "legal_low", "technical_low", "technical_high", "economic_low")
    assert shown(book, "patent_score", *columns, as_of=DAY) == [
        ("desk", 875_000, 875_000, 500_000, None, None, 1_000_000),
        ("ipl-equal-2", 500_000, 1_000_000, None, 0, 1_000_000, 1_000_000),
        ("twice", 1_000_000, 1_000_000, None, None, None, 1_000_000),
    ]
    assert shown(book, "patent_score", "low", as_of=DAY, recorded=True, weights="desk") == [500_000]
    assert shown(book, "weight_sets", "weights", "id", as_of=DAY, publisher="A bank") == [
        ("ipl-equal-2", shown(book, "journal", "id", subject="weights")[-1])
    ]
    points = shown(book, "score_points", "term", "weight", "weight_total", "points_low", as_of=DAY, weights="desk")
    assert points == [("remaining_term", 1, 4, 125_000), ("award", 3, 4, 750_000)]


# ---- evidence


def test_the_evidence_of_each_term_is_listed(book: Book) -> None:
    pool = {"assets": [asset(id=ONE), asset(id="elsewhere")]}
    wrong, void = (
        event_on("patent.fee_paid", ONE, "2020-02-01", fee_year=7),
        event_on("patent.fee_paid", ONE, "2020-03-01", fee_year=8),
    )
    post(
        book,
        granted(ONE, family_id="F1", backward_cites=[TWO]),
        wrong,
        corrected(wrong, occurred_on="2020-04-01"),
        void,
        voided(void),
        event_on("patent.tagged", ONE, "2020-01-01", tag_source="declared"),
        event_on("patent.challenged", ONE, "2020-01-01"),
        event_on("patent.upheld", ONE, "2021-01-01"),
        event_on("patent.term_adjusted", ONE, "2021-01-01", expires_on="2035-12-31"),
        event_on("patent.term_adjusted", ONE, "2025-01-01", expires_on="2036-12-31"),
        abroad("US1A1", "US", "10000000"),
        granted(TWO, "2021-01-01", filed_on="2015-01-01", backward_cites=[ONE, ONE, TWO]),
        granted(THREE, "2021-01-02", filed_on="2015-01-01", backward_cites=[ONE]),
        granted(FOUR, "2017-01-02", backward_cites=[ONE]),
        event_on("pledge.registered", "P1", "2020-01-01", registration_no="Y1", **pool),
        event_on("licence.recorded", "L1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("licence.recorded", "L2", "2020-01-01", fee="free", **pool),
        event_on("open_licence.declared", "O1", "2020-01-01", fee="fixed", **pool),
        event_on("open_licence.accepted", "O1", "2020-02-01", amount=money("1.00")),
    )
    found = shown(book, "score_evidence", "term", "type", "subject", as_of=DAY, patent=ONE)
    assert sorted((name, type_[3:-3], subject) for name, type_, subject in found) == [
        ("backward_cites", "patent.granted", ONE),
        ("claims", "patent.granted", ONE),
        ("family_offices", "patent.granted", ONE),
        ("family_offices", "patent.published", "US1A1"),
        ("forward_cites", "patent.granted", TWO),
        ("grant_lag", "patent.granted", ONE),
        ("priced_deals", "licence.recorded", "L1"),
        ("priced_deals", "open_licence.accepted", "O1"),
        ("remaining_term", "patent.granted", ONE),
        ("remaining_term", "patent.term_adjusted", ONE),
        ("renewals", "patent.fee_paid", ONE),
        ("scope", "patent.granted", ONE),
        ("survived", "patent.upheld", ONE),
    ]
    assert shown(book, "score_evidence", "id", as_of=DAY, patent=ONE, term="renewals") == [wrong["id"]]
    (events,) = shown(book, "score_points", "events", as_of=DAY, patent=ONE, term="renewals")
    assert events == f'["{wrong["id"]}"]'
    fees: dict[str, Any] = {"as_of": DAY, "patent": ONE, "term": "renewals"}
    assert len(shown(book, "score_evidence", "id", recorded=True, **fees)) == 2
    assert shown(book, "score_evidence", "term", as_of=DAY, patent="elsewhere") == []


# ---- renewals


def test_renewals_are_added_up_as_a_floor(book: Book) -> None:
    def fee(year: int, amount: dict[str, str] | None, day: str = "2020-01-01", subject: str = ONE) -> Event:
        return event_on("patent.fee_paid", subject, day, fee_year=year, amount=amount or ...)

    wrong = fee(5, money("1.00"))
    post(
        book,
        granted(ONE),
        fee(4, money("1200.00")),
        fee(4, money("1300.00")),  # repeated: it is one year
        wrong,
        corrected(wrong, amount=money("1200.00")),
        fee(6, None),
        fee(11, money("4000.00"), "2024-01-02"),
        granted(TWO),
        fee(4, money("1.00"), subject=TWO),
        fee(5, money("1.00", "USD"), subject=TWO),
        granted(THREE),
        fee(4, None, subject=THREE),
    )
    columns = ("years", "with_amount", "currency", "floor", "floor_minor")
    renewals = [(3, 2, "CNY", "2500.00", 250_000), (2, 2, None, None, None), (1, 0, None, None, None)]
    assert shown(book, "renewals", *columns, as_of=DAY) == renewals
    assert shown(book, "renewals", *columns, as_of=DAY, recorded=True, patent=ONE) == [
        (3, 2, "CNY", "1301.00", 130_100)
    ]


@pytest.mark.parametrize("filtered", [{"patent": ONE}, {"region": "CN-SH"}, {"industry": "AI"}])
def test_a_filter_changes_no_rank(book: Book, filtered: dict[str, Any]) -> None:
    post(
        book,
        granted(ONE, claims=5),
        granted(TWO, claims=3, region="US"),
        granted(THREE, claims=7, filed_on=..., region=...),
        granted(FOUR, claims=7, ipc=[], region=...),
    )
    (found, *_) = shown(book, "patent_score", "patent", "low", "legal_low", as_of=DAY, **filtered)
    assert found == (ONE, 111_111, 333_333)


def test_a_term_that_a_disclaimer_may_end_has_no_lower_end(book: Book) -> None:
    us: dict[str, Any] = {"office": "US", "number": "9000000", "kind": "B2", "terminal_disclaimer": True}
    post(book, granted("US9000000B2", **us))
    assert term(book, "remaining_term", "US9000000B2")[1:] == (0, 500_070)  # half of 7201 days
