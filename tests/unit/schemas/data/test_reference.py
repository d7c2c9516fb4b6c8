"""International applications, reference data and published figures: which data is accepted, and which is refused."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.data.reference import OF_MONEY
from tests.each_case import each_case
from tests.events import example_event
from tests.unit.schemas.test_data import data_of, refusal_of


@each_case(
    ("stem", "data", "path", "message"),
    [
        ("pct.filed", {"number": "WO2023123456"}, "data.number", "it must be PCT/, an office code, a year"),
        ("pct.filed", {"receiving_office": "RO/CN"}, "data.receiving_office", "it must be two capital letters"),
        ("pct.filed", {"applicants": []}, "data.applicants", "is empty"),
        ("pct.filed", {"ipc": ["A61K 39/395"]}, "data.ipc.0", "IPC symbol 'A61K 39/395'"),
        ("reference.fx_rate", {"base": "RMB"}, "data.base", "currency RMB is not an ISO 4217 currency"),
        ("reference.fx_rate", {"quote": "cny"}, "data.quote", '"cny": it must be three capital letters, such as CNY'),
        ("reference.fx_rate", {"base": "CNY"}, "data", "base and quote are both CNY"),
        ("reference.control", {"parent": {"name": "X", "id": "example-biotech"}}, "data", "both example-biotech"),
        ("reference.control", {"valid_to": "2021-06-30"}, "data", "before"),
        ("reference.fx_rate", {"rate": 7.27078}, "data.rate", "7.27078 is not a string"),
        ("reference.fx_rate", {"rate": "7,27078"}, "data.rate", "it must be a number such as 7.27078"),
        ("reference.fx_rate", {"rate": "-1"}, "data.rate", "it must be a number such as 7.27078"),
        ("reference.fx_rate", {"rate": "1" * 19}, "data.rate", "up to 18 digits"),
        ("reference.fx_rate", {"rate_source": ...}, "data.rate_source", "is missing"),
        ("reference.population", {"persons": -1}, "data.persons", "-1 is less than 0"),
        ("reference.population", {"persons": 24758900.0}, "data.persons", "24758900.0 must be a whole number"),
        ("reference.population", {"persons": "24758900"}, "data.persons", "must be a whole number such as 42"),
        ("reference.population", {"persons": 10**12 + 1}, "data.persons", "is more than 1000000000000"),
        ("reference.population", {"persons": 2**63}, "data.persons", "9223372036854775808 is more than"),
        ("reference.population", {"persons": 2**64 - 1}, "data.persons", "18446744073709551615 is more than"),
        ("reference.population", {"persons": 2**64}, "data.persons", "must be a whole number"),
        ("reference.population", {"region": "Shanghai"}, "data.region", "it must be a code of ISO 3166"),
        ("reference.population", {"as_of": "2022"}, "data.as_of", "it must be a date"),
        ("reference.policy", {"policy": "cap"}, "data.policy", "\"cap\" must be 'ltv_cap', 'inclusive_loan'"),
        ("reference.policy", {"value": "25%"}, "data.value", "it must be a number such as 7.27078"),
        (
            "reference.policy",
            {"valid_to": "2006-09-30"},
            "data",
            "valid_to 2006-09-30 is before occurred_on 2006-10-01",
        ),
        ("reference.policy", {"anchor": "priority"}, "data.anchor", "must be 'filing' or 'grant'"),
        ("reference.weight_set", {"weights": {}}, "data.weights", "at least one of remaining_term, claims"),
        ("reference.weight_set", {"weights": {"claims": 0}}, "data.weights.claims", "0 is less than 1"),
        ("reference.weight_set", {"weights": {"claims": 0.5}}, "data.weights.claims", "0.5"),
        ("reference.weight_set", {"weights": {"beauty": 1}}, "data.weights.beauty", "is not a known field"),
        ("reference.weight_set", {"valid_to": "2013-06-05"}, "data", "valid_to 2013-06-05 is before occurred_on"),
        ("reference.published_figure", {"metric": "pledge"}, "data.metric", "\"pledge\" must be 'pledges'"),
        ("reference.published_figure", {"value": "+87"}, "data.value", "it must be a number such as -13.5"),
        ("reference.published_figure", {"precision": "0"}, "data.precision", "0 is not greater than 0"),
        (
            "reference.published_figure",
            {"bound": "more"},
            "data.bound",
            "\"more\" must be 'above', 'at_least', 'below', 'at_most' or 'nearly'",
        ),
        (
            "reference.published_figure",
            {"industry": "BIOTECH"},
            "data.industry",
            "industry 'BIOTECH': it must be one of",
        ),
        ("reference.published_figure", {"industry": "质"}, "data.industry", "industry '\\u8d28': it must be one of"),
        ("reference.published_figure", {"figure": ""}, "data.figure", "is empty"),
        ("reference.published_figure", {"office": "USPTO"}, "data.office", "it must be two capital letters"),
        ("reference.published_figure", {"kinds": ["B1", "b2"]}, "data.kinds.1", "it must be a code of WIPO ST.16"),
        ("reference.published_figure", {"kinds": ["B12"]}, "data.kinds.0", "it must be a code of WIPO ST.16"),
        ("reference.published_figure", {"kinds": []}, "data.kinds", "is empty"),
        ("reference.published_figure", {"scope": ""}, "data.scope", "is empty"),
        (
            "reference.published_figure",
            {"period_to": "2022-12-31"},
            "data",
            "period_to 2022-12-31 is before period_from 2023-01-01",
        ),
    ],
)
def test_wrong_data_is_refused(stem: str, data: dict[str, Any], path: str, message: str) -> None:
    found = refusal_of(example_event(f"{stem}", **data))
    assert found[0] == path
    assert message in found[1]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("PCT/CN2023/123456", "PCT/CN2023/123456"),
        ("PCT/CN2023123456", "PCT/CN2023/123456"),
        ("PCT/IB98/12345", "PCT/IB1998/012345"),
    ],
)
def test_a_pct_number_is_kept_as_wipo_writes_it(written: str, kept: str) -> None:
    assert data_of(example_event("pct.filed", number=written)).number == kept


@each_case("rate", ["7.27078", "0.000000000001", "000000000000000001", "999999999999999999.9"])
def test_a_rate_is_more_than_0(rate: str) -> None:
    assert data_of(example_event("reference.fx_rate", rate=rate)).rate == rate


@each_case("rate", ["0", "0.00", "000", "0.000000000000"])
def test_a_rate_of_0_is_refused(rate: str) -> None:
    assert refusal_of(example_event("reference.fx_rate", rate=rate)) == ("data.rate", f"{rate} is not greater than 0")


@each_case(
    "policy",
    ["ltv_cap", "inclusive_loan", "high_value_pledge", "high_value_years", "remaining_term", "max_term"],
)
def test_a_policy_has_a_currency_where_its_value_is_money(policy: str) -> None:
    good: dict[str, Any] = {"policy": policy, "currency": "CNY" if policy in OF_MONEY else ...}
    bad: dict[str, Any] = {"policy": policy, "currency": ... if policy in OF_MONEY else "CNY"}
    assert data_of(example_event("reference.policy", **good)).policy == policy
    path, message = refusal_of(example_event("reference.policy", **bad))
    assert (path, message) == (
        "data",
        "currency must be given for inclusive_loan and high_value_pledge, and for no other",
    )


@each_case("value", ["-13.5", "0", "23000000000", "-0.000000000001"])
def test_a_figure_may_be_less_than_nothing(value: str) -> None:
    assert data_of(example_event("reference.published_figure", value=value)).value == value


def test_all_of_an_industry_is_a_figures_industry_too() -> None:
    assert data_of(example_event("reference.published_figure", industry="ALL")).industry == "ALL"
