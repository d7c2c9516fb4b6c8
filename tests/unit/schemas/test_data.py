"""The data of events: required fields, optional fields, and what is refused, each with its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.codec import Judged, Refusal, judge
from tests.each_case import each_case
from tests.events import (
    Event,
    asset,
    cancelled,
    corrected,
    example_event,
    granted,
    modified,
    money,
    registered,
    value_of,
    voided,
)


def data_of(event: Event) -> Any:
    judged = judge(value_of(event))
    assert isinstance(judged, Judged), judged
    return judged.event.data


def refusal_of(event: Event) -> tuple[str, str]:
    refusal = judge(value_of(event))
    assert isinstance(refusal, Refusal), refusal
    assert refusal.rule.label == "bad_data"
    return refusal.path, refusal.message


def fields(event: Event) -> set[str]:
    return set(event["data"])


# ---- required and optional fields


@each_case(
    ("event", "required"),
    [
        (granted(), {"occurred_on", "office", "number", "kind", "right", "ipc", "applicants"}),
        (registered(), {"occurred_on", "registration_no", "pledgors", "pledgees", "assets", "amount_status"}),
        (modified(), {"occurred_on", "registration_no"}),
        (cancelled(), {"occurred_on", "registration_no"}),
        (corrected(granted()), {"target", "reason", "data"}),
        (voided(granted()), {"target", "reason"}),
    ],
)
def test_exactly_the_required_fields_must_be_present(event: Event, required: set[str]) -> None:
    missing = {}
    for name in fields(event):
        without = {field: value for field, value in event["data"].items() if field != name}
        judged = judge(value_of(event | {"data": without}))
        if isinstance(judged, Refusal):
            missing[name] = (judged.path, judged.message)
    assert missing == {name: (f"data.{name}", "is missing") for name in required}


BUILD: dict[str, Callable[..., Event]] = {
    "granted": granted,
    "registered": registered,
    "modified": modified,
    "cancelled": cancelled,
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "granted": {
        "region": "CN-SH",
        "title": "一种方法",
        "application_number": "15/123456",
        "filed_on": "2016-01-01",
        "priority_on": "2015-01-01",
        "cpc": ["G06N0003047500"],
        "family_id": "F1",
        "tags": ["genai"],
        "inventors": [{"name": "x"}],
        "assignees": [],
        "claims": 1,
        "backward_cites": ["US1"],
        "source_code": "GR01",
    },
    "registered": {
        "region": "CN",
        "deal_id": "D1",
        "debtor": {"name": "x", "country": "CN", "id": "own-1"},
        "secured": money("1"),
        "debt_from": "2023-01-01",
        "debt_to": "2026-01-01",
        "co_owners_consent": False,
        "waivers": ["R10"],
        "valuation_id": "V1",
        "source_code": "PE01",
    },
    "modified": {
        "secured": money("1"),
        "pledgees": [{"name": "x"}],
        "released": ["CN1"],
        "added": [asset(id="CN2")],
        "source_code": "PM01",
    },
    "cancelled": {"reason": "paid back", "source_code": "PC01"},
}
_CASES = [(kind, name, value) for kind, optional in OPTIONAL.items() for name, value in optional.items()]


@each_case(("kind", "name", "value"), _CASES)
def test_an_optional_field_is_given_or_null_or_missing(kind: str, name: str, value: Any) -> None:
    def data(value: Any) -> Any:
        return data_of(BUILD[kind](**{name: value}))

    assert getattr(data(value), name) is not None
    assert data(None) == data(...)


@each_case("event", [granted(), registered(), modified(), cancelled(), voided(granted())])
def test_unknown_fields_are_refused(event: Event) -> None:
    path, message = refusal_of(event | {"data": event["data"] | {"colour": "red"}})
    assert (path, message) == ("data.colour", "is not a known field")


@each_case(
    ("event", "path"),
    [
        (registered(assets=[asset(colour=1)]), "data.assets.0.colour"),
        (registered(pledgors=[{"name": "x", "colour": 1}]), "data.pledgors.0.colour"),
        (registered(secured=money("1") | {"colour": "1"}), "data.secured.colour"),
        (corrected(registered(), assets=[asset(), asset(colour=1)]), "data.data.assets.1.colour"),
    ],
)
def test_unknown_fields_are_refused_however_deep(event: Event, path: str) -> None:
    assert refusal_of(event)[0] == path


# ---- grants


@each_case(
    ("office", "number", "kind"),
    [("US", "10000000", "B2"), ("CN", "113987654", "B"), ("EP", "3000000", "B1"), ("JP", "7000000", "B2")],
)
def test_a_grant_has_the_number_of_its_office(office: str, number: str, kind: str) -> None:
    assert data_of(granted(office=office, number=number, kind=kind)).number == number


@each_case(
    ("data", "path", "message"),
    [
        ({"number": "10,000,000"}, "data.number", "US publication number '10,000,000': it must be"),
        ({"office": "EP"}, "data.number", "EP publication number '10000000': it must be 7 digits"),
        ({"kind": "b2"}, "data.number", "kind 'b2': it must be a capital letter"),
        ({"office": "usa"}, "data.office", '"usa": it must be two capital letters'),
        ({"number": 10000000}, "data.number", "10000000 is not a string"),
        (
            {"office": "CN", "number": "113987654", "application_number": "201710601862.4"},
            "data.application_number",
            "3",
        ),
        ({"right": "mixed"}, "data.right", "mixed"),
        ({"applicants": {}}, "data.applicants", "{} is not an array"),
        ({"ipc": ["Y02E0010500000"]}, "data.ipc.0", "IPC symbol"),
        ({"tags": ["x" * 65]}, "data.tags.0", "it must be 1 to 64 printable"),
        ({"title": "x" * 2001}, "data.title", "is longer than 2000 characters"),
    ],
)
def test_a_wrong_grant_is_refused(data: dict[str, Any], path: str, message: str) -> None:
    found = refusal_of(granted(**data))
    assert found[0] == path
    assert message in found[1]


def test_a_grant_may_have_no_symbol_and_no_applicant() -> None:
    data = data_of(granted(ipc=[], applicants=[]))
    assert (data.ipc, data.applicants) == ((), ())


def test_the_subject_of_a_grant_is_not_compared_with_its_number() -> None:
    assert data_of(granted(subject="anything")).number == "10000000"


# ---- pledges


@each_case(("count", "taken"), [(0, False), (1, True), (5000, True), (5001, False)])
def test_a_pledge_has_1_to_5000_assets(count: int, taken: bool) -> None:
    assert isinstance(judge(value_of(registered(assets=[asset()] * count))), Judged) is taken


@pytest.mark.parametrize("name", ["pledgors", "pledgees"])
def test_parties_that_a_register_does_not_name_are_empty_and_not_missing(name: str) -> None:
    nobody: dict[str, Any] = {name: []}
    assert getattr(data_of(registered(**nobody)), name) == ()
    missing: dict[str, Any] = {name: None}
    assert refusal_of(registered(**missing))[0] == f"data.{name}"


@pytest.mark.parametrize("status", ["registered", "reported", "undisclosed"])
def test_an_amount_has_a_status(status: str) -> None:
    assert data_of(registered(amount_status=status)).amount_status == status
    assert refusal_of(registered(amount_status=status.upper()))[0] == "data.amount_status"


@each_case(
    ("data", "path", "message"),
    [
        ({"secured": money("1e3")}, "data.secured.amount", "it must be digits with at most one point"),
        ({"secured": money("-1")}, "data.secured.amount", "it must be digits with at most one point"),
        ({"secured": {"amount": 1, "currency": "CNY"}}, "data.secured.amount", "1 is not a string"),
        ({"secured": {"amount": "1"}}, "data.secured.currency", "is missing"),
        ({"secured": "1 CNY"}, "data.secured", '"1 CNY" is not an object'),
        ({"secured": money("1", "XXX")}, "data.secured", "currency XXX"),
        ({"assets": [asset(right="mixed")]}, "data.assets.0.right", "'trademark' or 'copyright'"),
        ({"co_owners_consent": "yes"}, "data.co_owners_consent", '"yes" is not true or false'),
        ({"co_owners_consent": 1}, "data.co_owners_consent", "1 is not true or false"),
        ({"waivers": ["R10", "R12"]}, "data.waivers.1", "\"R12\" must be 'R10' or 'R11'"),
        ({"source_code": ""}, "data.source_code", "it must be 1 to 64 printable"),
        ({"assets": [asset(), asset(ipc="G06N")]}, "data.assets.1.ipc.0", "IPC symbol"),
        ({"assets": [asset(id="")]}, "data.assets.0.id", "it must be 1 to 64 printable"),
        ({"registration_no": "x" * 41}, "data.registration_no", "it must be 1 to 40 printable"),
        ({"debtor": {"name": "x", "country": "CHN"}}, "data.debtor.country", "it must be two capital letters"),
        ({"debtor": {"name": "x", "id": "91310000MA1FL0XX0X"}}, "data.debtor.id", "USCC"),
        ({"debt_to": "2026-02-30"}, "data.debt_to", "2026-02-30"),
    ],
)
def test_a_wrong_registration_is_refused(data: dict[str, Any], path: str, message: str) -> None:
    found = refusal_of(registered(**data))
    assert found[0] == path
    assert message in found[1]


@pytest.mark.parametrize("omitted", [None, ...])
def test_a_modification_changes_something(omitted: Any) -> None:
    path, message = refusal_of(modified(secured=omitted, debt_to=omitted))
    assert path == "data"
    assert "at least one of secured, pledgees, debt_to, released, added must be given" in message


@each_case(
    "data",
    [
        {"secured": money("0")},
        {"debt_to": "2026-01-01"},
        {"pledgees": [{"name": "x"}]},
        {"released": ["CN1"]},
        {"added": [asset()]},
    ],
)
def test_one_change_is_enough(data: dict[str, Any]) -> None:
    omitted: dict[str, Any] = {"secured": ..., "debt_to": ...}
    assert data_of(modified(**omitted | data)).occurred_on.isoformat() == "2023-06-01"


# ---- revisions


def test_a_correction_replaces_in_full() -> None:
    assert data_of(corrected(granted(), right="design")).data == data_of(granted(right="design"))
    assert refusal_of(corrected(granted(), right=...)) == ("data.data.right", "is missing")


def test_a_void_replaces_nothing() -> None:
    event = voided(granted())
    assert refusal_of(event | {"data": event["data"] | {"data": granted()["data"]}})[0] == "data.data"


@each_case("target", ["", "x" * 65, None, 3])
def test_the_target_is_the_id_of_an_event(target: object) -> None:
    event = voided(granted())
    assert refusal_of(event | {"data": event["data"] | {"target": target}})[0] == "data.target"


# ---- currencies by date


WITHDRAWN = "currency DEM is valid up to 2002-03-31, not on {}: ISO 4217 has withdrawn it"


@pytest.mark.parametrize(("day", "accepted"), [("1999-05-04", True), ("2002-03-31", True), ("2002-04-01", False)])
def test_a_former_currency_is_accepted_up_to_its_last_day(day: str, accepted: bool) -> None:
    in_marks = money("1000.00", "DEM")
    appraised = [asset() | {"appraised": in_marks}]
    for path, event in {
        "data.secured": registered(occurred_on=day, secured=in_marks),
        "data.assets": registered(occurred_on=day, assets=appraised),
        "data.base": example_event("reference.fx_rate", occurred_on=day, base="DEM"),
    }.items():
        if accepted:
            assert data_of(event).occurred_on.isoformat() == day
        else:
            assert refusal_of(event) == (path, WITHDRAWN.format(day))


NOT_YET = "currency EUR is valid from 1999-01-01 on, not on 1998-12-31: it did not exist"


def test_a_currency_is_refused_before_its_first_day() -> None:
    in_euros = money("1000.00", "EUR")
    assert data_of(registered(occurred_on="1999-01-01", secured=in_euros)).secured is not None
    assert refusal_of(registered(occurred_on="1998-12-31", secured=in_euros)) == ("data.secured", NOT_YET)
    appraised = [asset() | {"appraised": in_euros}]
    assert refusal_of(registered(occurred_on="1998-12-31", assets=appraised)) == ("data.assets", NOT_YET)


def test_a_published_figure_may_be_of_a_currency_of_its_period() -> None:
    period = {"period_from": "2001-01-01", "period_to": "2001-12-31"}
    figure = example_event("reference.published_figure", occurred_on="2003-05-04", currency="DEM", **period)
    assert data_of(figure).currency == "DEM"
    period = {"period_from": "2003-01-01", "period_to": "2003-12-31"}
    figure = example_event("reference.published_figure", occurred_on="2004-05-04", currency="DEM", **period)
    assert refusal_of(figure) == ("data.currency", WITHDRAWN.format("2003-12-31"))
