"""The catalogue of events: names and numbers are for life, and each type has a model of its own."""

from __future__ import annotations

import pytest

from schemas.catalogue import example_of
from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, EventType, Role
from schemas.topics import TOPICS
from tests.events import value_of

NUMBERS = {
    "ip.patent.granted": 10,
    "ip.pledge.registered": 20,
    "ip.pledge.modified": 30,
    "ip.pledge.cancelled": 40,
    "ip.pledge.extended": 50,
    "ip.pledge.defaulted": 60,
    "ip.pledge.realised": 70,
    "ip.patent.filed": 80,
    "ip.patent.published": 90,
    "ip.patent.ceased": 100,
    "ip.patent.invalidated": 110,
    "ip.patent.restored": 120,
    "ip.patent.challenged": 130,
    "ip.patent.upheld": 140,
    "ip.patent.preserved": 150,
    "ip.patent.discharged": 160,
    "ip.patent.term_adjusted": 170,
    "ip.patent.fee_paid": 180,
    "ip.patent.awarded": 190,
    "ip.patent.tagged": 200,
    "ip.valuation.completed": 210,
    "ip.licence.recorded": 220,
    "ip.licence.modified": 230,
    "ip.licence.cancelled": 240,
    "ip.assignment.recorded": 250,
    "ip.open_licence.declared": 260,
    "ip.open_licence.withdrawn": 270,
    "ip.open_licence.accepted": 280,
    "ip.loan.disbursed": 290,
    "ip.loan.repaid": 300,
    "ip.loan.compensated": 310,
    "ip.trademark.registered": 320,
    "ip.trademark.renewed": 330,
    "ip.trademark.ceased": 340,
    "ip.pct.filed": 350,
    "ip.reference.fx_rate": 360,
    "ip.reference.population": 370,
    "ip.reference.policy": 380,
    "ip.reference.published_figure": 390,
    "ip.trademark.filed": 400,
}
ROLES = {Role.ORIGINAL: "", Role.CORRECTED: ".corrected", Role.VOIDED: ".voided"}
TOPIC = {"licence": "ip.deal.v1", "assignment": "ip.deal.v1", "open_licence": "ip.deal.v1"}
"""Of what a type is about, where it has not a topic of its own."""
NOTHING_BUT_A_DATE = frozenset({"ip.patent.restored.v1", "ip.patent.upheld.v1", "ip.patent.discharged.v1"})
HARDLY_MORE = NOTHING_BUT_A_DATE | {"ip.patent.challenged.v1", "ip.patent.preserved.v1"}
DOCUMENTS = frozenset({"ip.patent.published.v1", "ip.patent.granted.v1"})
ALSO = {
    "ip.pledge.extended.v1": {"ip.pledge.modified.v1"},
    **dict.fromkeys(DOCUMENTS, DOCUMENTS),
    **dict.fromkeys(NOTHING_BUT_A_DATE, HARDLY_MORE),
}
"""What is said in the data of a type, its example at least, that others of its topic may say too."""
ORIGINALS = [event_type for event_type in EVENT_TYPES.values() if event_type.role == Role.ORIGINAL]


def test_numbers_are_for_life() -> None:
    numbers = {f"{stem}{words}.v1": number + role for stem, number in NUMBERS.items() for role, words in ROLES.items()}
    assert {name: event_type.number for name, event_type in EVENT_TYPES.items()} == numbers


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_a_number_is_its_familys_and_its_role(event_type: EventType) -> None:
    words = event_type.name.split(".")
    assert event_type.name.endswith(f"{ROLES[event_type.role]}.v1")
    assert len(words) == (4 if event_type.role == Role.ORIGINAL else 5)
    assert event_type.family == event_type.number - event_type.role
    assert event_type.topic == TOPIC.get(words[1], f"ip.{words[1]}.v1")
    assert event_type.topic in TOPICS


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_each_type_is_judged_by_its_own_model(name: str) -> None:
    judged = judge(value_of(example_of(name)))
    assert isinstance(judged, Judged)
    assert judged.type is EVENT_TYPES[name]
    assert judged.event.type == name


@pytest.mark.parametrize("event_type", ORIGINALS, ids=lambda event_type: event_type.name)
def test_the_data_of_one_type_is_not_that_of_another(event_type: EventType) -> None:
    example = example_of(event_type.name)
    takers = {
        other.name
        for other in EVENT_TYPES.values()
        if other.topic == event_type.topic and isinstance(judge(value_of(example | {"type": other.name})), Judged)
    }
    assert takers == {event_type.name} | ALSO.get(event_type.name, set())


def test_an_example_is_the_callers_own() -> None:
    name = "ip.pledge.registered.v1"
    example_of(name)["data"]["assets"].clear()
    assert example_of(name)["data"]["assets"]


def test_a_follow_ups_example_is_about_the_example_of_its_original() -> None:
    for event_type in ORIGINALS:
        original, stem = example_of(event_type.name), event_type.name.removesuffix(".v1")
        correction, voiding = example_of(f"{stem}.corrected.v1"), example_of(f"{stem}.voided.v1")
        assert correction["data"]["target"] == voiding["data"]["target"] == original["id"]
        assert correction["subject"] == voiding["subject"] == original["subject"]
        assert voiding["time"] > correction["time"] > original["time"] > original["data"]["occurred_on"]
        assert correction["time"] > correction["data"]["data"]["occurred_on"]


def test_a_correction_says_something_else_than_its_original_and_why() -> None:
    reasons = [_changed(event_type.name) for event_type in ORIGINALS]
    assert ({"secured"}, "two digits of the secured amount were swapped") in reasons
    for changed, reason in reasons:
        assert len(changed) == 1, reason
        assert ("the date was mistyped" in reason) == (changed == {"occurred_on"}) or "month" in reason


def _changed(name: str) -> tuple[set[str], str]:
    """Fields that the example of a correction says otherwise, and its reason."""
    data = example_of(f"{name.removesuffix('.v1')}.corrected.v1")["data"]
    before = example_of(name)["data"]
    return {field for field in data["data"] if data["data"][field] != before.get(field)}, data["reason"]
