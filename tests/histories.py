"""Strategies for whole logs: late, out of order, duplicate, corrected and voided events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ledger.independent.fold import Log, PartitionLog, TopicPartition
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from tests.data import FIELDS, TOGETHER
from tests.events import OTHER_SOURCE, SOURCE, TOPIC_PARTITIONS, Event, corrected, example_event, value_of, voided

SUBJECTS = {topic: ["P1", "质押-2", "P3"] for topic in FIELDS} | {"ip.patent.v1": ["US10000000B2", "P1"]}
"""P1 is a subject on every topic."""


class Plan(NamedTuple):
    """One record of a log. `about` is the number of the plan that it refers to, which may come later in the log."""

    what: str
    stem: str
    subject: str
    source: str
    data: dict[str, Any]
    about: int
    twist: int
    gap: int


def _plans(what: Sequence[str], topic: str, stem: str) -> st.SearchStrategy[Plan]:
    subjects = SUBJECTS[topic]
    return st.builds(
        Plan,
        st.sampled_from(what),
        st.just(stem),
        st.sampled_from([*[subjects[0]] * 4, *subjects]),
        st.sampled_from([*[SOURCE] * 5, OTHER_SOURCE]),
        FIELDS[topic][stem],
        st.integers(0, 30),
        st.integers(0, 7),
        st.sampled_from([0, 0, 0, 0, 1, 3]),
    )


_VALID = ("original", "original", "original", "correct", "void")


@st.composite
def plans_of(draw: st.DrawFn, topic: str, most: int = 16, least: int = 0) -> list[Plan]:
    """Draw plans of a topic, most of them originals, of types that affect each other."""
    stems = draw(st.sampled_from(TOGETHER[topic]))
    any_plan = st.one_of(*(_PLANS[topic, stem] for stem in stems))
    return draw(st.lists(any_plan, min_size=least, max_size=most))


def _bad_plans_of(topic: str) -> st.SearchStrategy[Plan]:
    stem = next(iter(FIELDS[topic]))
    return _plans(("duplicate", "conflict", "garbage", "misroute"), topic, stem)


_PLANS = {(topic, stem): _plans(_VALID, topic, stem) for topic in FIELDS for stem in FIELDS[topic]}
_BAD_PLANS = {topic: _bad_plans_of(topic) for topic in FIELDS}


@st.composite
def logs(draw: st.DrawFn, most: int = 16) -> Log:
    """Draw a log of all partitions: good and bad events of one or two topics in any order, with gaps."""
    topics = draw(st.lists(st.sampled_from([*FIELDS, "ip.pledge.v1", "ip.patent.v1"]), min_size=1, max_size=2))
    plans = [plan for topic in topics for plan in draw(plans_of(topic, most // len(topics)))]
    plans += draw(st.lists(st.one_of(*(_BAD_PLANS[topic] for topic in topics)), max_size=3))
    plans = draw(st.permutations(plans))
    first = draw(st.sampled_from([0, 0, 5]))
    records: dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]] = {
        topic_partition: [] for topic_partition in TOPIC_PARTITIONS
    }
    ends = dict.fromkeys(TOPIC_PARTITIONS, first)
    for number, plan in enumerate(plans):
        topic_partition, key, value = _placed(plans, number)
        offset = ends[topic_partition] + plan.gap
        records[topic_partition].append((offset, key, value))
        ends[topic_partition] = offset + 1
    trailing = draw(st.sampled_from([0, 0, 2]))
    return {
        topic_partition: PartitionLog(first, ends[topic_partition] + trailing, records[topic_partition])
        for topic_partition in TOPIC_PARTITIONS
    }


@st.composite
def lives(draw: st.DrawFn, topic: str, most: int = 14) -> list[Event]:
    """Draw valid events about one subject of a topic, each id once."""
    plans = draw(plans_of(topic, most, least=1))
    return [_planned(plans, number) | {"subject": SUBJECTS[topic][0]} for number in range(len(plans))]


def _placed(plans: Sequence[Plan], number: int) -> tuple[TopicPartition, bytes | None, bytes | None]:
    plan = plans[number]
    event = _planned(plans, number)
    topic = EVENT_TYPES[event["type"]].topic
    key = event["subject"].encode()
    partitions = TOPICS[topic].partitions
    topic_partition = (topic, partition_of(key, partitions))
    if plan.what == "garbage":
        return topic_partition, key, _garbage(event, plan.twist)
    if plan.what == "misroute":
        elsewhere = "ip.patent.v1" if topic != "ip.patent.v1" else "ip.pledge.v1"
        wrong: list[tuple[TopicPartition, bytes | None]] = [
            ((topic, (topic_partition[1] + 1) % partitions), key) if partitions > 1 else (topic_partition, b""),
            ((elsewhere, topic_partition[1]), key),
            (topic_partition, None),
            (topic_partition, key + b" "),
        ]
        return *wrong[plan.twist % 4], value_of(event)
    return topic_partition, key, _spelled(event, plan.twist if plan.what in ("original", "correct", "void") else 0)


def _planned(plans: Sequence[Plan], number: int, seen: tuple[int, ...] = ()) -> Event:
    """Return the event of a plan. It goes where the plan that it is about goes; in a circle it is an original."""
    plan = plans[number]
    if plan.what == "original" or number in seen:
        return example_event(plan.stem, _id(number), plan.subject, **plan.data) | {"source": plan.source}
    other = _planned(plans, plan.about % len(plans), (*seen, number))
    if plan.what == "conflict":
        changes = [{"time": "2023-05-05T02:00:00Z"}, {"id": other["id"].swapcase()}, {"dataschema": "a:b"}]
        return other | changes[plan.twist % 3]
    if plan.what in ("correct", "void"):
        return _following(plan, number, other)
    return other


def _following(plan: Plan, number: int, target: Event) -> Event:
    """Return a correction or void; a few name a target that does not exist for them."""
    twisted: dict[int, Event] = {5: {"source": plan.source}, 6: {"subject": plan.subject}}
    target = target | twisted.get(plan.twist, {})
    if plan.twist == 4:
        target = target | {"id": target["id"].swapcase()}
    if plan.what == "void":
        return voided(target, _id(number))
    same_type = target["type"].startswith(f"ip.{plan.stem}.")
    return corrected(target, _id(number), **(plan.data if same_type else {}))


def _id(number: int) -> str:
    """Return an id of one of two forms: case-sensitive text, or a UUID."""
    return f"0190c6f0-abcd-7000-8000-{number:012x}" if number % 2 else f"e{number}"


def _spelled(event: Event, twist: int) -> bytes:
    if twist == 1:
        return json.dumps(event).encode()  # escapes all but ASCII
    if twist == 2:
        return json.dumps(event, indent=1, ensure_ascii=False).encode()
    if twist == 3:
        return value_of(event).replace(b'"id"', b'"\\u0069d"', 1)
    return value_of(event)


def _garbage(event: Event, twist: int) -> bytes | None:
    value = value_of(event)
    return [
        None,
        b"",
        b"\xff" + value,
        value[:-1],
        value_of(event | {"specversion": "0.3"}),
        value_of(event | {"type": "ip.pledge.dreamt.v1"}),
        value_of(event | {"data": event["data"] | {"occurred_on": "1899-12-31", "target": ""}}),
        value[:-1] + b', "id": "twice"}',
    ][twist % 8]


class Cut(NamedTuple):
    """One step of posting a log: how many offsets of which partition, and what happens before it."""

    turn: int
    size: int
    restart: bool
    redeliver: int


_seldom = st.sampled_from([False, False, True])
cuts = st.lists(
    st.builds(
        Cut, st.integers(0, 7), st.integers(1, 6), st.sampled_from([False, False, True]), st.sampled_from([0, 0, 1, 4])
    ),
    max_size=24,
)
"""The cuts of a log into batches; the rest comes in one batch for each partition."""
