"""The evaluator's inputs and sub-indices, and models' valuations beside others, worked out by hand."""

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


def score(book: Book, *columns: str, as_of: int = DAY, patent: str = ONE, recorded: bool = False) -> Any:
    (row,) = shown(book, "patent_score", *columns, as_of=as_of, recorded=recorded, patent=patent)
    return row


# ---- legal


def test_legal_is_the_mean_of_life_breadth_proof_and_freedom(book: Book) -> None:
    post(book, granted(ONE, claims=10))
    assert score(book, "in_force", "claims", "survived", "encumbered") == (1, 10, 0, 0)
    assert score(book, "remaining_term") == pytest.approx(0.5, abs=0.001)
    assert score(book, "legal") == 50.0  # of 1/2, 10/20, 0, 1
    post(
        book,
        event_on("patent.challenged", ONE, "2020-01-01"),
        event_on("patent.upheld", ONE, "2020-06-01"),
        event_on("patent.invalidated", ONE, "2021-01-01", extent="partial"),
        event_on("pledge.registered", "P1", "2022-01-01", assets=[asset(id=ONE)], registration_no="Y1"),
    )
    assert score(book, "survived", "encumbered", "legal") == (2, 1, pytest.approx(41.7))  # of 1/2, 1/2, 2/3, 0
    post(book, event_on("pledge.cancelled", "P1", "2023-01-01", registration_no="Y1"))
    assert score(book, "encumbered", "legal") == (0, pytest.approx(66.7))
    assert score(book, "encumbered", as_of=20221231) == 1


def test_an_unknown_input_is_named_and_does_not_count_as_0(book: Book) -> None:
    post(book, granted(ONE, filed_on=..., ipc=[]))
    assert score(book, "remaining_term", "claims", "legal", "technical", "economic", "composite") == (
        None,
        None,
        50.0,  # of 0 and 1
        None,
        0.0,
        None,
    )
    assert score(book, "missing") == "filed_on term claims ipc backward_cites family_id renewals cohort"
    assert score(book, "scope", "backward_cites", "family_offices", "grant_lag_days", "renewals_paid", "cohort") == (
        None,
        None,
        None,
        None,
        None,
        None,
    )


def test_a_right_that_is_not_in_force_scores_0_for_legal(book: Book) -> None:
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
    )
    for_all = [score(book, "in_force", "survived", "legal", patent=name) for name in (ONE, TWO, THREE, FOUR)]
    assert for_all == [(0, 0, 0.0), (1, 0, 50.0), (0, 0, 0.0), (0, 0, 0.0)]
    assert score(book, "in_force", as_of=20221231) == 1
    assert score(book, "in_force", patent=TWO, recorded=True) == 0
    assert score(book, "remaining_term", patent=THREE) == 0.0


def test_a_preservation_encumbers_until_its_discharge(book: Book) -> None:
    post(
        book,
        granted(ONE),
        event_on("patent.preserved", ONE, "2020-01-01"),
        event_on("patent.discharged", ONE, "2021-01-01"),
        event_on("patent.preserved", ONE, "2022-01-01"),
    )
    days = (20191231, 20200101, 20201231, 20210101, 20220101)
    assert [score(book, "encumbered", as_of=day) for day in days] == [0, 1, 1, 0, 1]


def test_an_asset_released_from_its_pledge_is_free(book: Book) -> None:
    pool = [asset(id=ONE), asset(id=TWO)]
    post(
        book,
        granted(ONE),
        granted(TWO),
        event_on("pledge.registered", "P1", "2020-01-01", assets=pool, registration_no="Y1"),
        event_on("pledge.modified", "P1", "2021-01-01", registration_no="Y1", released=[ONE], secured=...),
    )
    columns = ("encumbered", "pledges_released")
    assert [score(book, *columns, patent=name) for name in (ONE, TWO)] == [(0, 1), (1, 0)]


def test_the_term_of_a_us_design_counts_from_its_grant(book: Book) -> None:
    design = {"office": "US", "number": "D900000", "kind": "S1", "right": "design", "ipc": []}
    post(book, granted("USD900000S1", "2019-01-01", filed_on="2017-01-01", **design))
    assert score(book, "remaining_term", patent="USD900000S1") == pytest.approx(10 / 15, abs=0.001)


# ---- technical


def abroad(subject: str, office: str, number: str) -> Event:
    """Return a publication of family F1 at another office."""
    defaults = {"office": office, "number": number, "application_number": ..., "ipc": [], "applicants": []}
    return event_on("patent.published", subject, "2015-06-01", family_id="F1", **defaults)


def test_technical_is_relative_to_industry_and_filing_year(book: Book) -> None:
    post(
        book,
        granted(ONE, "2015-01-01", ipc=AI, backward_cites=["X1"], family_id="F1"),  # after 365 days
        granted(TWO, "2018-01-01", backward_cites=[ONE, "X1", "X2", "X3"], family_id="F2"),  # after 1461 days
        granted(THREE, "2020-01-01", backward_cites=[ONE, ONE]),
        granted(FOUR, "2020-01-02", backward_cites=[ONE, FOUR, TWO]),
        granted(FIVE, "2016-01-01", backward_cites=[], family_id="F2"),
        granted(SIX, "2016-01-01", filed_on="2013-12-31", ipc=AI * 2, backward_cites=[ONE]),
        abroad("US1A1", "US", "10000000"),
        abroad("US2A1", "US", "10000001"),
        abroad("EP1A1", "EP", "1234567"),
    )
    columns = ("cohort", "scope", "backward_cites", "forward_cites", "family_offices", "grant_lag_days")
    assert score(book, *columns) == (5, 2, 1, 3, 3, 365)  # not by FOUR, granted 5 years and a day later
    assert score(book, *columns, patent=TWO) == (5, 1, 4, 1, 1, 1461)
    assert score(book, *columns, patent=FIVE) == (5, 1, 0, 0, 1, 730)
    slowest = 2192  # FOUR, from 1 January 2014 to 2 January 2020
    assert score(book, "technical") == pytest.approx(20 * (1 + 1 / 4 + 1 + 1 + 1 - 365 / slowest), abs=0.06)
    assert score(book, "technical", patent=TWO) == pytest.approx(
        20 * (1 / 2 + 1 + 1 / 3 + 1 / 3 + 1 - 1461 / slowest), abs=0.06
    )
    assert score(book, "technical", patent=FOUR) == pytest.approx(25 * (1 / 2 + 3 / 4 + 0 + 0), abs=0.06)
    assert score(book, "missing", patent=FOUR) == "claims family_id renewals"
    assert score(book, "cohort", "technical", "composite", patent=SIX) == (1, None, None)
    assert score(book, "cohort", "technical", as_of=20191231) == (3, None)
    assert score(book, "forward_cites", as_of=20180101) == 2


def test_citations_do_not_count_if_no_patent_is_cited(book: Book) -> None:
    post(book, *(granted(name, f"2015-01-0{n}", backward_cites=[]) for n, name in enumerate(NAMES[:5], 1)))
    assert score(book, "technical", patent=ONE) == pytest.approx(50 * (1 + 1 - 365 / 369), abs=0.06)


# ---- economic


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
    columns = ("renewals_paid", "renewals_with_amount", "renewal_currency", "renewal_floor", "renewal_floor_minor")
    assert score(book, *columns) == (3, 2, "CNY", "2500.00", 250_000)
    assert score(book, *columns, recorded=True) == (3, 2, "CNY", "1301.00", 130_100)
    assert score(book, *columns, patent=TWO) == (2, 2, None, None, None)
    assert score(book, *columns, patent=THREE) == (1, 0, None, None, None)
    assert score(book, "economic") == pytest.approx(25 * 3 / 20, abs=0.06)


def test_economic_counts_priced_deals_released_pledges_and_awards(book: Book) -> None:
    pool = {"assets": [asset(id=ONE)]}
    numbered = {"registration_no": "Y1"}
    post(
        book,
        granted(ONE),
        event_on("licence.recorded", "L1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("licence.recorded", "L2", "2020-01-01", fee="royalty", royalty_bp=100, **pool),
        event_on("licence.recorded", "L3", "2025-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("assignment.recorded", "A1", "2020-01-01", conveyance="assignment", price=money("1.00"), **pool),
        event_on("assignment.recorded", "A2", "2020-01-01", conveyance="merger", price=money("1.00"), **pool),
        event_on("open_licence.declared", "O1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("open_licence.accepted", "O1", "2020-02-01", amount=money("1.00")),
        event_on("open_licence.accepted", "O1", "2020-03-01"),
        event_on("pledge.registered", "P1", "2020-01-01", **pool, **numbered),
        event_on("pledge.cancelled", "P1", "2021-01-01", **numbered),
        event_on("pledge.registered", "P2", "2020-01-01", **pool, **numbered),
        event_on("pledge.defaulted", "P2", "2020-06-01", **numbered),
        event_on("pledge.cancelled", "P2", "2021-01-01", **numbered),
        event_on("pledge.registered", "P3", "2020-01-01", **pool, **numbered),
        event_on("patent.awarded", ONE, "2020-01-01", award="china_patent"),
    )
    assert score(book, "priced_deals", "pledges_released", "award") == (3, 1, 1)
    assert score(book, "economic") == 75.0  # of 3/4, 1/2, 1; renewals are not known
    assert score(book, "award", "economic", as_of=20191231) == (0, 0.0)


def test_the_composite_is_the_mean_of_the_three(book: Book) -> None:
    post(book, *(granted(name, claims=30, backward_cites=["X"], family_id="F") for name in NAMES[:5]))
    legal, technical, economic, composite, weights, missing = score(
        book, "legal", "technical", "economic", "composite", "weights", "missing"
    )
    assert (legal, technical, economic) == (pytest.approx(56.2, abs=0.1), 75.0, 0.0)  # of 1/2, 3/4, 0, 1; 1, 1, 1, 0
    assert composite == pytest.approx((56.25 + 75) / 3, abs=0.1)
    assert (weights, missing) == ("ipl-equal-1", "renewals")


def test_the_cap_is_that_of_the_right_and_the_region(book: Book) -> None:
    def cap(value: str, **data: Any) -> Event:
        return event_on("reference.policy", "policy", "2020-01-01", policy="ltv_cap", value=value, **data)

    post(book, cap("0.25", right="invention"), cap("0.3", right="invention", region="CN-BJ"), cap("0.9"))
    post(book, granted(ONE), granted(TWO, region="CN-BJ"), granted(THREE, right="design", kind="S", number="309000003"))
    assert shown(book, "patent_score", "ltv_cap", as_of=DAY) == ["0.25", "0.3", "0.9"]


def test_the_evidence_of_a_score_is_listed(book: Book) -> None:
    pool = {"assets": [asset(id=ONE), asset(id="elsewhere")]}
    numbered = {"registration_no": "Y1"}
    wrong, void = (
        event_on("patent.fee_paid", ONE, "2020-02-01", fee_year=7),
        event_on("patent.fee_paid", ONE, "2020-03-01"),
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
        event_on("patent.upheld", ONE, "2025-01-01"),
        abroad("US1A1", "US", "10000000"),
        granted(TWO, "2021-01-01", backward_cites=[ONE, ONE, TWO]),
        granted(THREE, "2021-01-02", backward_cites=[ONE]),
        event_on("pledge.registered", "P1", "2020-01-01", **pool, **numbered),
        event_on("pledge.extended", "P1", "2020-01-01", **numbered),
        event_on("pledge.cancelled", "P1", "2021-01-01", **numbered),
        event_on("licence.recorded", "L1", "2020-01-01", fee="fixed", amount=money("1.00"), **pool),
        event_on("licence.recorded", "L2", "2020-01-01", fee="free", **pool),
        event_on("assignment.recorded", "A1", "2020-01-01", conveyance="assignment", price=money("1.00"), **pool),
        event_on("assignment.recorded", "A2", "2020-01-01", conveyance="merger", price=money("1.00"), **pool),
        event_on("open_licence.declared", "O1", "2020-01-01", fee="fixed", **pool),
        event_on("open_licence.accepted", "O1", "2020-02-01", amount=money("1.00")),
    )
    columns = ("relation", "type", "subject", "occurred_on")
    found = shown(book, "score_evidence", *columns, as_of=DAY, patent=ONE)
    assert sorted((relation, type_[3:-3], subject, day) for relation, type_, subject, day in found) == [
        ("citation", "patent.granted", TWO, "2021-01-01"),
        ("deal", "assignment.recorded", "A1", "2020-01-01"),
        ("deal", "licence.recorded", "L1", "2020-01-01"),
        ("deal", "open_licence.accepted", "O1", "2020-02-01"),
        ("family", "patent.published", "US1A1", "2015-06-01"),
        ("patent", "patent.fee_paid", ONE, "2020-04-01"),
        ("patent", "patent.granted", ONE, "2016-01-01"),
        ("pledge", "pledge.cancelled", "P1", "2021-01-01"),
        ("pledge", "pledge.registered", "P1", "2020-01-01"),
    ]
    assert shown(book, "score_evidence", "id", as_of=DAY, patent=ONE, occurred_on="2020-04-01") == [wrong["id"]]
    fees: dict[str, Any] = {"as_of": DAY, "patent": ONE, "type": "ip.patent.fee_paid.v1"}
    assert shown(book, "score_evidence", "occurred_on", recorded=True, **fees) == ["2020-02-01", "2020-03-01"]
    assert sorted(shown(book, "score_evidence", "relation", as_of=DAY, patent=TWO)) == ["citation", "patent"]
    assert shown(book, "score_evidence", "relation", as_of=DAY, patent="elsewhere") == []


# ---- models beside others


def valued(name: str, as_of: str, mid: str, currency: str = "CNY", **data: Any) -> Event:
    defaults = {"valuation_id": name, "purpose": "licence", "as_of": as_of, "mid": money(mid, currency)}
    return event_on("valuation.completed", data.pop("subject", ONE), "2023-01-01", **defaults | data)


def by_model(name: str, as_of: str, mid: str, model: str = "m", version: str = "1", **data: Any) -> Event:
    return valued(name, as_of, mid, method="ai_model", model_id=model, model_version=version, **data)


def test_models_are_shown_beside_the_latest_other_valuation(book: Book) -> None:
    wrong = by_model("V6", "2022-02-01", "999.00", version="2")
    post(
        book,
        valued("V1", "2022-01-01", "100.00", method="income"),
        valued("V2", "2021-01-01", "1.00", method="cost"),
        valued("V3", "2022-06-01", "5.00", "USD", method="market"),
        by_model("V4", "2022-02-01", "95.00", low=money("90.00"), high=money("100.00")),
        by_model("V5", "2022-01-01", "7.00"),
        wrong,
        corrected(wrong, mid=money("80.00"), low=money("80.00"), high=money("99.99")),
        by_model("V7", "2022-02-01", "0", subject=TWO),
        valued("V8", "2022-02-01", "0", subject=TWO, method="other"),
        by_model("V9", "2022-02-01", "1.00", purpose="insurance"),
    )
    columns = ("model_version", "mid", "spread", "models", "models_spread", "other_method", "other_mid", "deviation")
    asked: dict[str, Any] = {"as_of": DAY, "subject": ONE, "purpose": "licence"}
    assert shown(book, "valuation_dispersion", *columns, "inside", **asked) == [
        ("1", "95.00", pytest.approx(10 / 95), 2, 0.1875, "income", "100.00", pytest.approx(-0.05), 1),
        ("2", "80.00", pytest.approx(0.249875), 2, 0.1875, "income", "100.00", pytest.approx(-0.2), 0),
    ]
    assert shown(book, "valuation_dispersion", "mid", recorded=True, **asked) == ["95.00", "999.00"]
    rest = ("spread", "models", "models_spread", "other_mid", "deviation", "inside")
    assert shown(book, "valuation_dispersion", *rest, as_of=DAY, subject=TWO) == [(None, 1, None, "0.00", None, None)]
    assert shown(book, "valuation_dispersion", *rest, as_of=DAY, purpose="insurance") == [
        (None, 1, None, None, None, None)
    ]
