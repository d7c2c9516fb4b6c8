"""The catalogue of events: names and numbers are for life."""

from __future__ import annotations

import pytest

from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, Role
from tests.events import Event, cancelled, corrected, granted, modified, registered, value_of, voided

NUMBERS = {
    "ip.patent.granted.v1": 10,
    "ip.patent.granted.corrected.v1": 11,
    "ip.patent.granted.voided.v1": 12,
    "ip.pledge.registered.v1": 20,
    "ip.pledge.registered.corrected.v1": 21,
    "ip.pledge.registered.voided.v1": 22,
    "ip.pledge.modified.v1": 30,
    "ip.pledge.modified.corrected.v1": 31,
    "ip.pledge.modified.voided.v1": 32,
    "ip.pledge.cancelled.v1": 40,
    "ip.pledge.cancelled.corrected.v1": 41,
    "ip.pledge.cancelled.voided.v1": 42,
}
ORIGINALS = [granted(), registered(), modified(), cancelled()]
ALL = [*ORIGINALS, *map(corrected, ORIGINALS), *map(voided, ORIGINALS)]


def test_numbers_are_for_life() -> None:
    assert {name: event_type.number for name, event_type in EVENT_TYPES.items()} == NUMBERS


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_its_familys_and_its_role(name: str) -> None:
    event_type = EVENT_TYPES[name]
    words = name.split(".")
    role = {"corrected": Role.CORRECTED, "voided": Role.VOIDED}.get(words[-2], Role.ORIGINAL)
    assert (event_type.name, event_type.role) == (name, role)
    assert event_type.family == event_type.number - role
    assert event_type.topic == f"ip.{words[1]}.v1"


@pytest.mark.parametrize("event", ALL, ids=[event["type"] for event in ALL])
def test_each_type_is_judged_by_its_own_model(event: Event) -> None:
    judged = judge(value_of(event))
    assert isinstance(judged, Judged)
    assert judged.type is EVENT_TYPES[event["type"]]
    assert judged.event.type == event["type"]


def test_every_type_has_a_builder() -> None:
    assert {event["type"] for event in ALL} == set(EVENT_TYPES)


@pytest.mark.parametrize("event", ALL, ids=[event["type"] for event in ALL])
def test_the_data_of_one_type_is_not_that_of_another(event: Event) -> None:
    takers = [
        name
        for name in EVENT_TYPES
        if isinstance(judge(value_of(event | {"type": name})), Judged) and name != event["type"]
    ]
    voidings = {name for name in EVENT_TYPES if name.endswith(".voided.v1")}
    assert set(takers) <= (voidings if event["type"] in voidings else set())
