"""Valuations, licences, assignments, loans and trademarks: which data is accepted, and which is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.each_case import each_case
from tests.events import asset, example_event, money
from tests.unit.schemas.test_data import data_of, refusal_of

DEALS = ["licence.recorded", "open_licence.declared"]
POOLS = [*DEALS, "assignment.recorded"]


@each_case(
    ("stem", "data", "path", "message"),
    [
        ("valuation.completed", {"mid": ...}, "data.mid", "is missing"),
        ("valuation.completed", {"purpose": "pledge"}, "data.purpose", "\"pledge\" must be 'pledge_financing'"),
        ("valuation.completed", {"as_of": "2024-4-30"}, "data.as_of", "it must be a date such as 2023-05-04"),
        ("valuation.completed", {"input_hash": "9F" * 32}, "data.input_hash", "it must be 64 of 0-9 and a-f"),
        ("licence.recorded", {"licence": "non-exclusive"}, "data.licence", "must be 'exclusive', 'sole', 'ordinary'"),
        ("licence.recorded", {"fee": "annual"}, "data.fee", "must be 'fixed', 'royalty', 'free' or 'mixed'"),
        ("licence.recorded", {"royalty_bp": 3.5}, "data.royalty_bp", "3.5 must be a whole number"),
        ("licence.recorded", {"royalty_bp": 3.0}, "data.royalty_bp", "3.0 must be a whole number"),
        ("licence.recorded", {"royalty_bp": True}, "data.royalty_bp", "true must be a whole number"),
        ("licence.recorded", {"royalty_bp": -1}, "data.royalty_bp", "-1 is less than 0"),
        ("licence.recorded", {"royalty_bp": 100_001}, "data.royalty_bp", "100001 is more than 100000"),
        ("licence.recorded", {"assets": []}, "data.assets", "is empty"),
        ("assignment.recorded", {"conveyance": "security"}, "data.conveyance", "must be 'assignment', 'merger'"),
        ("assignment.recorded", {"price": money("1.001")}, "data.price", "CNY has 2"),
        ("open_licence.declared", {"patentees": ...}, "data.patentees", "is missing"),
        ("open_licence.accepted", {"licensee": []}, "data.licensee", "[] is not an object"),
        ("open_licence.withdrawn", {"reason": "x"}, "data.reason", "is not a known field"),
        ("loan.disbursed", {"amount": ...}, "data.amount", "is missing"),
        ("loan.disbursed", {"lender": ...}, "data.lender", "is missing"),
        ("loan.disbursed", {"rate_bp": "3.85%"}, "data.rate_bp", '"3.85%" must be a whole number'),
        ("loan.disbursed", {"due_on": "2023-05-09"}, "data", "due_on 2023-05-09 is before occurred_on 2023-05-10"),
        ("loan.repaid", {"amount": money("-1")}, "data.amount.amount", "it must be digits with at most one point"),
        ("loan.subsidised", {"interest_to": "2023-05-09"}, "data", "before"),
        ("loan.compensated", {"paid_by": "state"}, "data.paid_by", "'guarantor', 'insurer', 'risk_fund' or 'other'"),
        ("trademark.filed", {"application_number": ...}, "data.application_number", "is missing"),
        ("trademark.filed", {"applicants": []}, "data.applicants", "is empty"),
        ("trademark.filed", {"office": "TIPO"}, "data.office", '"TIPO"'),
        ("trademark.filed", {"classes": [9, 9]}, "data.classes", "class 9 is named twice"),
        ("trademark.filed", {"owners": [{"name": "x"}]}, "data.owners", "is not a known field"),
        ("trademark.registered", {"office": "US-MA"}, "data.office", '"US-MA"'),
        ("trademark.registered", {"classes": []}, "data.classes", "is empty"),
        ("trademark.registered", {"classes": [0]}, "data.classes.0", "0 is less than 1"),
        ("trademark.registered", {"classes": [1, 46]}, "data.classes.1", "46 is more than 45"),
        ("trademark.registered", {"classes": ["5"]}, "data.classes.0", '"5" must be a whole number'),
        ("trademark.registered", {"classes": [5, 42, 5]}, "data.classes", "class 5 is named twice"),
        ("trademark.registered", {"valid_to": "2023-06-13"}, "data", "valid_to 2023-06-13 is before occurred_on"),
        ("trademark.renewed", {"valid_to": ...}, "data.valid_to", "is missing"),
        (
            "trademark.renewed",
            {"valid_to": "2023-11-01"},
            "data",
            "valid_to 2023-11-01 is before occurred_on 2023-11-02",
        ),
        ("trademark.ceased", {"reason": "fee"}, "data.reason", "must be 'expired', 'cancelled', 'surrendered'"),
    ],
)
def test_wrong_data_is_refused(stem: str, data: dict[str, Any], path: str, message: str) -> None:
    found = refusal_of(example_event(f"{stem}", **data))
    assert found[0] == path
    assert message in found[1]


# ---- valuations


@each_case(
    ("low", "mid", "high"), [("1", "2", "3"), ("2", "2", "2"), (None, "2", "2"), ("2", "2", None), (None, "0", None)]
)
def test_a_valuation_is_a_range(low: str | None, mid: str, high: str | None) -> None:
    data: dict[str, Any] = {
        name: value and money(value) for name, value in (("low", low), ("mid", mid), ("high", high))
    }
    assert data_of(example_event("valuation.completed", **data)).mid.minor == int(mid) * 100


@pytest.mark.parametrize(("low", "mid", "high"), [("3", "2", "4"), (None, "2", "1.99"), ("2.01", "2", None)])
def test_a_range_does_not_decrease(low: str | None, mid: str, high: str | None) -> None:
    data: dict[str, Any] = {
        name: value and money(value) for name, value in (("low", low), ("mid", mid), ("high", high))
    }
    assert refusal_of(example_event("valuation.completed", **data)) == ("data", "low, mid and high must not decrease")


def test_a_range_is_of_one_currency() -> None:
    found = refusal_of(example_event("valuation.completed", high=money("9000000", "USD")))
    assert found == ("data", "low, mid and high must be of one currency")


@pytest.mark.parametrize("name", ["model_id", "model_version"])
def test_a_valuation_by_ai_names_the_model_and_its_version(name: str) -> None:
    omitted: dict[str, Any] = {name: ...}
    found = refusal_of(example_event("valuation.completed", **omitted))
    assert found == ("data", "model_id and model_version must be given for a valuation by ai_model")
    assert data_of(example_event("valuation.completed", method="income", **omitted)).method == "income"


# ---- licences, assignments, offers


@pytest.mark.parametrize("stem", POOLS)
def test_a_pool_names_an_asset_once(stem: str) -> None:
    twice = [asset(id="CN1"), asset(id="CN{2}", right="design"), asset(id="CN{2}")]
    assert refusal_of(example_event(stem, assets=twice)) == ("data.assets", "asset CN{2} is named twice")
    assert len(data_of(example_event(stem, assets=twice[:2])).assets) == 2


@each_case(
    ("fee", "amount", "royalty", "stem"),
    [
        (*fee, stem)
        for fee in (("fixed", True, False), ("royalty", False, True), ("free", False, False), ("mixed", True, True))
        for stem in DEALS
    ],
)
def test_a_fee_has_what_belongs_to_it(fee: str, amount: bool, royalty: bool, stem: str) -> None:
    omitted: dict[str, Any] = {"amount": ..., "royalty_bp": ...}
    assert data_of(example_event(stem, fee=fee, **omitted)).fee == fee
    for name, value, belongs in (("amount", money("1"), amount), ("royalty_bp", 5, royalty)):
        event = example_event(stem, fee=fee, **omitted | {name: value})
        if belongs:
            assert getattr(data_of(event), name) is not None
        else:
            path, message = refusal_of(event)
            assert path == "data"
            assert f"{name} is allowed only for a" in message


@pytest.mark.parametrize("stem", DEALS)
def test_a_term_does_not_end_before_it_begins(stem: str) -> None:
    found = refusal_of(example_event(stem, term_from="2024-02-29", term_to="2024-02-28"))
    assert found == ("data", "term_to 2024-02-28 is before term_from 2024-02-29")
    assert data_of(example_event(stem, term_from="2024-02-29", term_to="2024-02-29"))
    assert data_of(example_event(stem, term_from=..., term_to="1950-01-01"))
    assert data_of(example_event(stem, term_from="2024-02-29", term_to=...))


@pytest.mark.parametrize("name", ["amount", "royalty_bp", "term_to"])
def test_a_licence_is_changed_in_something(name: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("amount", "royalty_bp", "term_to"))
    found = refusal_of(example_event("licence.modified", **nothing))
    assert found == ("data", "at least one of amount, royalty_bp, term_to must be given")
    change = {"amount": money("0"), "royalty_bp": 0, "term_to": "2025-01-01"}[name]
    assert data_of(example_event("licence.modified", **nothing | {name: change}))


def test_an_application_may_be_of_another_classification_than_nice() -> None:
    assert data_of(example_event("trademark.filed", classes=...)).classes is None
    assert data_of(example_event("trademark.filed")).classes == (9, 42)


def test_a_mark_may_stand_in_all_classes() -> None:
    assert len(data_of(example_event("trademark.registered", classes=[*range(1, 46)])).classes) == 45
