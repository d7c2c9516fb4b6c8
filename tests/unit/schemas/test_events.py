"""The catalogue of events: names and numbers never change, and each type has its own model."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from schemas.catalogue import example_of
from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, EventType, Role
from schemas.models import DATA
from schemas.topics import TOPICS
from tests.each_case import each_case
from tests.events import value_of

NUMBERS: dict[str, int] = json.loads((Path(__file__).parents[2] / "fixtures" / "numbers.json").read_text("utf-8"))
ROLES = {Role.ORIGINAL: "", Role.CORRECTED: ".corrected", Role.VOIDED: ".voided"}
TOPIC = {
    "need": "ip.deal.v1",
    "licence": "ip.deal.v1",
    "assignment": "ip.deal.v1",
    "open_licence": "ip.deal.v1",
    "collateral": "ip.pledge.v1",
}
"""The entity of a type that has no topic of its own."""
ORIGINALS = [event_type for event_type in EVENT_TYPES.values() if event_type.role == Role.ORIGINAL]


def test_numbers_never_change() -> None:
    numbers = {f"{stem}{words}.v1": number + role for stem, number in NUMBERS.items() for role, words in ROLES.items()}
    assert {name: event_type.number for name, event_type in EVENT_TYPES.items()} == numbers


@each_case("event_type", EVENT_TYPES.values())
def test_a_number_is_its_familys_and_its_role(event_type: EventType) -> None:
    words = event_type.name.split(".")
    assert event_type.name.endswith(f"{ROLES[event_type.role]}.v1")
    assert len(words) == (4 if event_type.role == Role.ORIGINAL else 5)
    assert event_type.family == event_type.number - event_type.role
    assert event_type.topic == TOPIC.get(words[1], f"ip.{words[1]}.v1")
    assert event_type.topic in TOPICS


@each_case("name", EVENT_TYPES)
def test_each_type_is_judged_by_its_own_model(name: str) -> None:
    judged = judge(value_of(example_of(name)))
    assert isinstance(judged, Judged)
    assert judged.type is EVENT_TYPES[name]
    assert judged.event.type == name


@each_case("event_type", ORIGINALS)
def test_two_types_share_a_model_only_if_their_fields_mean_the_same(event_type: EventType) -> None:
    example = example_of(event_type.name)
    takers = {
        other.number
        for other in EVENT_TYPES.values()
        if other.topic == event_type.topic and isinstance(judge(value_of(example | {"type": other.name})), Judged)
    }
    assert event_type.number in takers
    for number in takers:
        for name in example["data"]:
            assert _schema(number, name) == _schema(event_type.number, name)


def test_an_example_is_the_callers_own() -> None:
    name = "ip.pledge.registered.v1"
    example_of(name)["data"]["assets"].clear()
    assert example_of(name)["data"]["assets"]


def test_the_example_of_a_revision_is_about_the_example_of_its_original() -> None:
    for event_type in ORIGINALS:
        original, stem = example_of(event_type.name), event_type.name.removesuffix(".v1")
        correction, void = example_of(f"{stem}.corrected.v1"), example_of(f"{stem}.voided.v1")
        assert correction["data"]["target"] == void["data"]["target"] == original["id"]
        assert correction["subject"] == void["subject"] == original["subject"]
        assert void["time"] > correction["time"] > original["time"] > original["data"]["occurred_on"]
        assert correction["time"] > correction["data"]["data"]["occurred_on"]


def test_a_correction_differs_from_its_original_and_gives_a_reason() -> None:
    reasons = [_changed(event_type.name) for event_type in ORIGINALS]
    assert ({"secured"}, "two digits of the secured amount were swapped") in reasons
    for changed, reason in reasons:
        assert len(changed) == 1, reason
        assert ("the date was mistyped" in reason) == (changed == {"occurred_on"}) or "month" in reason


def _changed(name: str) -> tuple[set[str], str]:
    """Return the fields that the example of a correction changes, and its reason."""
    data = example_of(f"{name.removesuffix('.v1')}.corrected.v1")["data"]
    before = example_of(name)["data"]
    return {field for field in data["data"] if data["data"][field] != before.get(field)}, data["reason"]


@cache
def _properties(number: int) -> dict[str, Any]:
    properties: dict[str, Any] = DATA[number].model_json_schema()["properties"]
    return properties


def _schema(number: int, field: str) -> list[dict[str, Any]]:
    """Return the schemas of a field of a type's data, required or not."""
    schema = _properties(number)[field]
    words = {"title", "description", "default"}
    kinds = [{name: kind[name] for name in kind.keys() - words} for kind in schema.get("anyOf", [schema])]
    return [kind for kind in kinds if kind != {"type": "null"}]
