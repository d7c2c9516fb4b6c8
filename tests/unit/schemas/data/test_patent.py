"""The events of a patent besides its grant: which data is accepted, and which is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.each_case import each_case
from tests.events import example_event
from tests.unit.schemas.test_data import data_of, refusal_of

MODEL = {"model_id": "m", "model_version": "1"}


@each_case(
    ("stem", "data", "path", "message"),
    [
        ("filed", {"application_number": "201710601862.4"}, "data.application_number", "the check digit is 4"),
        ("filed", {"application_number": ...}, "data.application_number", "is missing"),
        ("filed", {"applicants": ...}, "data.applicants", "is missing"),
        ("filed", {"applicants": [{}]}, "data.applicants.0.name", "is missing"),
        ("granted", {"assignees": [{}]}, "data.assignees.0.name", "is missing"),
        ("filed", {"right": "trademark"}, "data.right", "must be 'invention', 'utility_model', 'design' or 'plant'"),
        ("filed", {"inventors": [{"name": "x"}, {}]}, "data.inventors.1.name", "is missing"),
        ("published", {"number": "9"}, "data.number", "CN publication number '9': it must be 7 to 10 digits"),
        ("published", {"ipc": ...}, "data.ipc", "is missing"),
        ("granted", {"claims": 0}, "data.claims", "0 is less than 1"),
        ("granted", {"claims": 10_001}, "data.claims", "10001 is more than 10000"),
        ("granted", {"backward_cites": ["US1", ""]}, "data.backward_cites.1", "it must be 1 to 64 printable"),
        ("ceased", {"reason": "lapsed"}, "data.reason", "must be 'fee', 'expired', 'abandoned', 'surrendered'"),
        ("invalidated", {"extent": "half"}, "data.extent", "\"half\" must be 'full' or 'partial'"),
        ("invalidated", {"extent": ...}, "data.extent", "is missing"),
        ("term_adjusted", {"expires_on": "2038-02-30"}, "data.expires_on", "there is no such date"),
        ("fee_paid", {"fee_year": 0}, "data.fee_year", "0 is less than 1"),
        ("fee_paid", {"fee_year": 26}, "data.fee_year", "26 is more than 25"),
        ("fee_paid", {"fee_year": "7"}, "data.fee_year", '"7" must be a whole number such as 42, without quotes'),
        ("awarded", {"award": "nobel"}, "data.award", "must be 'state_science_technology', 'china_patent' or 'other'"),
        ("challenged", {"challenger": "Example"}, "data.challenger", '"Example" is not an object'),
        ("restored", {"reason": "fee"}, "data.reason", "is not a known field"),
    ],
)
def test_wrong_data_is_refused(stem: str, data: dict[str, Any], path: str, message: str) -> None:
    found = refusal_of(example_event(f"patent.{stem}", **data))
    assert found[0] == path
    assert message in found[1]


@pytest.mark.parametrize("written", ["201710601862", "CN201710601862A", "ZL 2017 1 0601862.3"])
def test_an_application_number_is_kept_in_its_canonical_form(written: str) -> None:
    for stem in ("filed", "published"):
        event = example_event(f"patent.{stem}", application_number=written)
        assert data_of(event).application_number == "201710601862.3"


def test_a_filing_need_not_be_classified() -> None:
    assert data_of(example_event("patent.filed", ipc=...)).ipc is None


@each_case("data", [{}, {"model_id": "m"}, {"model_version": "1"}, {"confidence": "0.9"}])
def test_a_tag_by_a_model_names_the_model_and_its_version(data: dict[str, str]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("model_id", "model_version", "confidence"), ...)
    assert refusal_of(example_event("patent.tagged", **{**nothing, **data})) == (
        "data",
        "model_id and model_version must be given for a tag by a model",
    )


@each_case(
    ("tag_source", "data"),
    product(["ipc", "declared"], [{"model_id": "m"}, {"model_version": "1"}, {"confidence": "0.9"}, MODEL]),
)
def test_a_tag_by_no_model_names_none(tag_source: str, data: dict[str, str]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("model_id", "model_version", "confidence"), ...)
    good = example_event("patent.tagged", tag_source=tag_source, **nothing)
    assert data_of(good).tag_source == tag_source
    path, message = refusal_of(good | {"data": good["data"] | data})
    assert (path, message) == ("data", "confidence, model_id, model_version are allowed only for a tag by a model")


@each_case("confidence", ["0", "0.0", "0.93", "1", "1.000", "0.123456789012"])
def test_a_confidence_is_from_0_to_1(confidence: str) -> None:
    assert data_of(example_event("patent.tagged", confidence=confidence)).confidence == confidence


@each_case("confidence", ["1.01", "93", "-0.1", ".5", "1e-1", "00.5", "0.", "", "0.1234567890123", 1, 0.5])
def test_nothing_else_is_a_confidence(confidence: object) -> None:
    assert refusal_of(example_event("patent.tagged", confidence=confidence))[0] == "data.confidence"
