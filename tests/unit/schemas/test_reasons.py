"""Reasons for refusals: readable for every constraint of the schemas and for every strange value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.codec import MANY, Judged, Refusal, judge
from schemas.events import EVENT_TYPES
from schemas.models import model_of
from schemas.reasons import FORMS
from schemas.rules import Rule
from schemas.wording import LONGEST_MESSAGE, LONGEST_QUOTE, given, message_of
from tests.each_case import each_case
from tests.events import asset, granted, modified, money, registered, value_of

GRANT = granted()


def refused(event: dict[str, Any]) -> Refusal:
    judged = judge(value_of(event))
    assert isinstance(judged, Refusal), judged
    return judged


def _patterns(core: Any) -> Iterator[str]:
    if isinstance(core, dict):
        if core.get("type") == "str" and "pattern" in core:
            yield core["pattern"]
        for part in core.values():
            yield from _patterns(part)
    elif isinstance(core, list | tuple):
        for part in core:
            yield from _patterns(part)


def _core_of(name: str) -> Any:
    model = model_of(EVENT_TYPES[name])
    model.model_rebuild()  # a model is built when it is first used
    return model.__pydantic_core_schema__


@each_case("name", EVENT_TYPES)
def test_every_pattern_of_a_string_has_its_words(name: str) -> None:
    patterns = set(_patterns(_core_of(name)))
    assert patterns
    assert patterns <= FORMS.keys()


def _kinds(core: Any) -> Iterator[str]:
    if isinstance(core, dict):
        if isinstance(core.get("type"), str):
            yield core["type"]
        for name, part in core.items():
            if name not in ("metadata", "ref", "serialization", "default"):
                yield from _kinds(part)
    elif isinstance(core, list | tuple):
        for part in core:
            yield from _kinds(part)


def test_every_kind_of_value_has_its_words() -> None:
    """A new kind brings its own reasons for refusal: add words for them to `schemas.reasons`."""
    known = {"bool", "date", "datetime", "float", "int", "literal", "model", "str", "tuple", "typed-dict"}
    known |= {"chain", "default", "function-after", "no-info", "nullable", "union", "with-info"}
    known |= {"definition-ref", "definitions", "model-field", "model-fields", "typed-dict-field"}
    assert {kind for t in EVENT_TYPES.values() for kind in _kinds(model_of(t).__pydantic_core_schema__)} <= known


@each_case(
    ("event", "path", "message"),
    [
        (granted(occurred_on="2023-5-4"), "data.occurred_on", '"2023-5-4": it must be a date such as 2023-05-04'),
        (granted(occurred_on="2023-02-30"), "data.occurred_on", '"2023-02-30": there is no such date'),
        (granted(occurred_on="1899-12-31"), "data.occurred_on", '"1899-12-31" is before 1900-01-01'),
        (granted(occurred_on="2200-01-01"), "data.occurred_on", '"2200-01-01" is after 2199-12-31'),
        (GRANT | {"time": "2016-12-31T22:59:60Z"}, "time", '"2016-12-31T22:59:60Z": there is no such time'),
        (
            granted(right="copyright"),
            "data.right",
            "\"copyright\" must be 'invention', 'utility_model', 'design' or 'plant'",
        ),
        (granted(tags=["x", ""]), "data.tags.1", '"": it must be 1 to 64 printable characters'),
        (granted(title="x" * 2001), "data.title", f'"{"x" * 76}... is longer than 2000 characters'),
        (registered(assets=[]), "data.assets", "is empty"),
        (registered(assets=[asset()] * 5001), "data.assets", "has 5001 items, at most 5000 are allowed"),
        (registered(secured=money("1", "cny")), "data.secured", "currency cny is not an ISO 4217 currency"),
        (
            modified(secured=..., debt_to=...),
            "data",
            "at least one of secured, pledgees, debt_to, released, added must be given",
        ),
        (granted(applicants=[{"name": "a", "int": 1}]), "data.applicants.0.int", "is not a known field"),
        (registered(co_owners_consent="true"), "data.co_owners_consent", '"true" is not true or false'),
        (granted(claims="9" * 100), "data.claims", f'"{"9" * 76}... must be a whole number such as 42, without quotes'),
        (GRANT | {"float": []}, "float", "[]: an attribute must be a string, a number, true, false or null"),
        (GRANT | {"type": "ip.\x1b[31m"}, "type", 'type "ip.\\u001b[31m" is not known'),
    ],
)
def test_a_reason_names_the_value_and_the_constraint(event: dict[str, Any], path: str, message: str) -> None:
    found = refused(event)
    assert found.path == path
    assert found.message.startswith(message)


LONG = "\x9b\u202e质" * 100_000


@each_case(
    "event",
    [
        GRANT | {"type": LONG},
        GRANT | {"id": LONG},
        GRANT | {LONG: 1},
        GRANT | {"data": GRANT["data"] | {LONG: 1}},
        granted(title=LONG),
        granted(number=LONG),
        granted(right=[LONG]),
        granted(applicants=[{"name": "a", "id": LONG}]),
        granted(ipc=[LONG]),
        registered(secured=money("1", LONG)),
        registered(secured=money(LONG)),
        registered(assets={LONG: LONG}),
    ],
)
def test_path_and_message_of_any_event_are_short_and_printable(event: dict[str, Any]) -> None:
    found = refused(event)
    assert len(found.path) <= LONGEST_QUOTE
    assert len(found.message) <= LONGEST_MESSAGE
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", found.path + found.message)


@each_case(
    ("value", "quoted"),
    [
        ("质押", '"质押"'),
        (None, "null"),
        (1.5, "1.5"),
        ([], "[]"),
        ({"a": [True]}, '{"a": [true]}'),
        ([0] * 1000, "an array of 1000"),
        ({str(i): 0 for i in range(1000)}, "an object of 1000"),
        ("x" * 1000, '"' + "x" * 76 + "..."),
    ],
)
def test_a_value_is_quoted_as_short_json(value: Any, quoted: str) -> None:
    assert message_of("string_type", given(value)) == f"{quoted} is not a string"


# ---- an object with very many fields


@pytest.mark.parametrize("many", [0, MANY, 1000])
def test_many_faults_give_the_same_first_fault_as_few(many: int) -> None:
    unknown: dict[str, Any] = {f"x{i}": [] for i in range(many)}
    assert refused(granted(**unknown, right=...))[:4] == (Rule.BAD_DATA, "data.right", "missing", {})
    assert refused(granted(**unknown, kind="?"))[1] == "data.number"
    first = refused(registered(assets=[asset(), asset(zzz=1, **unknown)]))
    assert first[:4] == (Rule.BAD_DATA, "data.assets.1.zzz", "extra_forbidden", {})
    elsewhere = refused(registered(assets=[asset(name="known elsewhere", zzz=1, **unknown)]))
    assert elsewhere.path == "data.assets.0.name"


def test_many_good_attributes_are_accepted() -> None:
    event = GRANT | {f"x{i}": i for i in range(1000)}
    judged = judge(value_of(event))
    assert isinstance(judged, Judged)
    assert json.loads(judged.event.model_dump_json())["x999"] == 999
    last_is_bad = refused(event | {"Last": 1})
    assert (last_is_bad.rule, last_is_bad.path) == (Rule.BAD_ENVELOPE, "Last")
