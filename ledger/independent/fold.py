"""A second, slow ledger: what a book must hold, each subject computed from its start after each of its records.

Written from the promises P3, P5 and P7, from "what an entity contributes" and from docs/lives.md, not from the code.
Of the project it uses what defines the wire alone: the codec, types and topics, the partition of a key, currencies and
the industry of a symbol. It is slow on purpose, and the model of the tests.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.independent.lines import contribution_of
from ledger.independent.lives import life_of
from ledger.independent.stocks import in_force_on
from ledger.independent.terms import (
    BASES,
    AcceptedEvent,
    Cell,
    Contribution,
    Figures,
    Life,
    Log,
    PartitionLog,
    TopicPartition,
)
from schemas.codec import Refusal, judge
from schemas.events import EVENT_TYPES
from schemas.modes import Headers, attributes_of, record_hash, structured
from schemas.topics import TOPICS, partition_of

__all__ = [
    "BASES",
    "Cell",
    "ExpectedBook",
    "Figures",
    "Log",
    "PartitionLog",
    "TopicPartition",
    "ledger_of",
    "totals_of",
]


class Entity(NamedTuple):
    """The accepted events of a subject, and its life on each basis."""

    topic_partition: TopicPartition
    subject: str
    events: tuple[AcceptedEvent, ...]
    lives: dict[str, Life]


class ExpectedBook(NamedTuple):
    """Everything that a book must show of a log."""

    outcomes: dict[tuple[str, int, int], str]
    rules: dict[tuple[str, int, int], str]
    positions: dict[TopicPartition, dict[str, int]]
    postings: dict[tuple[str, int, int], dict[str, Contribution]]
    totals: dict[str, dict[tuple[Any, ...], Figures]]
    unmatched: dict[tuple[str, int, int, str], str]
    entities: list[Entity]

    def in_force(self, day: str | None, basis: str) -> dict[tuple[Any, ...], Figures]:
        """Return the stock on a day (None: after all days), by kind, region, right, industry, currency."""
        sums: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
        for entity in self.entities:
            for cell, figures in in_force_on(entity.lives[basis], day).items():
                key = (cell.kind, *cell[2:])
                sums[key] = sums[key].plus(figures)
        return {key: figures for key, figures in sums.items() if figures != Figures()}

    def stock(self, day: str | None) -> dict[tuple[Any, ...], Figures]:
        """Return the pledges in force on a day, as corrected, by region, right, industry, currency."""
        in_force = self.in_force(day, "corrected")
        return {key[1:]: figures for key, figures in in_force.items() if key[0] == "pledges"}


def ledger_of(log: Log, partitions: Mapping[str, int] | None = None) -> ExpectedBook:
    """Judge each record, then recompute from the start everything that it affects. `partitions` is how many each topic
    has, by default as many as a new log has."""
    counts = partitions or {name: topic.partitions for name, topic in TOPICS.items()}
    result = ExpectedBook({}, {}, {}, {}, {basis: defaultdict(Figures) for basis in BASES}, {}, [])
    for (topic, partition), part in sorted(log.items()):
        accepted: dict[str, list[AcceptedEvent]] = defaultdict(list)
        contributed: dict[str, dict[str, Contribution]] = {}
        for offset, key, value in part.records:
            place = (topic, partition, offset)
            headers = part.headers.get(offset, ())
            outcome, rule, event = _judged(place, counts[topic], key, value, headers, accepted)
            result.outcomes[place] = outcome
            if rule:
                result.rules[place] = rule
            if event is not None:
                accepted[event.subject].append(event)
                now = _contributions(topic, accepted[event.subject])
                _post(result, place, contributed.get(event.subject), now)
                contributed[event.subject] = now
        _close(result, (topic, partition), part, accepted)
    for basis in BASES:
        result.totals[basis] = {key: sum_ for key, sum_ in result.totals[basis].items() if sum_ != Figures()}
    return result


def totals_of(values: Iterable[bytes]) -> dict[str, dict[tuple[Any, ...], Figures]]:
    """Return the totals of valid events in this order, each id once: the sum of the final contributions.

    The cost is linear, so that a million events are feasible.
    """
    subjects: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for value in values:
        content = json.loads(value)
        subjects[EVENT_TYPES[content["type"]].topic, content["subject"]].append(content)
    totals: dict[str, dict[tuple[Any, ...], Figures]] = {basis: defaultdict(Figures) for basis in BASES}
    for (topic, _), contents in subjects.items():
        events = [_event(offset, content) for offset, content in enumerate(contents)]
        for basis in BASES:
            for cell, figures in contribution_of(life_of(topic, remaining(events, basis))).items():
                year = (cell.kind, int(cell.date[:4]), *cell[2:])
                totals[basis][year] = totals[basis][year].plus(figures)
    return {basis: {key: sum_ for key, sum_ in sums.items() if sum_ != Figures()} for basis, sums in totals.items()}


def _contributions(topic: str, events: Sequence[AcceptedEvent]) -> dict[str, Contribution]:
    """Return the contributions of the events of a subject, by basis."""
    return {basis: contribution_of(life_of(topic, remaining(events, basis))) for basis in BASES}


def _post(
    result: ExpectedBook,
    place: tuple[str, int, int],
    before: Mapping[str, Contribution] | None,
    after: Mapping[str, Contribution],
) -> None:
    result.postings[place] = {}
    for basis in BASES:
        was, is_ = before[basis] if before else {}, after[basis]
        lines = {
            cell: is_.get(cell, Figures()) - was.get(cell, Figures())
            for cell in {**was, **is_}
            if is_.get(cell, Figures()) != was.get(cell, Figures())
        }
        result.postings[place][basis] = lines
        for cell, figures in lines.items():
            year = (cell.kind, int(cell.date[:4]), *cell[2:])
            result.totals[basis][year] = result.totals[basis][year].plus(figures)


def _close(
    result: ExpectedBook,
    topic_partition: TopicPartition,
    part: PartitionLog,
    accepted: Mapping[str, Sequence[AcceptedEvent]],
) -> None:
    counts = dict.fromkeys(("accepted", "duplicate", "conflict", "rejected"), 0)
    for offset, _, _ in part.records:
        counts[result.outcomes[(*topic_partition, offset)]] += 1
    gap = part.end - part.first - len(part.records)
    result.positions[topic_partition] = {"first": part.first, "next": part.end, **counts, "gap": gap}
    for subject, history in sorted(accepted.items()):
        events = tuple(history)
        on_each = {basis: life_of(topic_partition[0], remaining(events, basis)) for basis in BASES}
        result.entities.append(Entity(topic_partition, subject, events, on_each))
        for basis, entity in on_each.items():
            lost = dict.fromkeys(without_target(events), "target_missing") if basis == "corrected" else {}
            for offset, reason in (entity.without_effect | lost).items():
                result.unmatched[(*topic_partition, offset, basis)] = reason


# ---- the outcome of a record (P3, P5)


def _judged(
    place: tuple[str, int, int],
    partitions: int,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
    accepted: Mapping[str, Sequence[AcceptedEvent]],
) -> tuple[str, str, AcceptedEvent | None]:
    """Return the outcome of a record, the rule that it breaks, and the event if it is accepted."""
    judged = judge(value, headers)
    if isinstance(judged, Refusal):
        return "rejected", judged.rule.label, None
    attributes = attributes_of(headers)
    whole = value if attributes is None else structured(attributes, value)
    assert whole is not None, "an event has a value"
    content = json.loads(whole, parse_int=float)  # Python does not parse very long integers
    topic, partition, offset = place
    subject = content["subject"].encode()
    if EVENT_TYPES[content["type"]].topic != topic or key != subject:
        return "rejected", "misrouted", None
    if partition_of(subject, partitions) != partition:
        return "rejected", "misrouted", None
    event = _event(offset, content, record_hash(value, headers))
    for earlier in accepted.get(event.subject, ()):
        if (earlier.source, earlier.id) == (event.source, event.id):
            return ("duplicate", "", None) if earlier.hash == event.hash else ("conflict", "conflict", None)
    return "accepted", "", event


def _event(offset: int, content: dict[str, Any], its_hash: bytes = b"") -> AcceptedEvent:
    parts = content["type"].split(".")[1:-1]
    role = parts.pop() if parts[-1] in ("corrected", "voided") else ""
    return AcceptedEvent(
        offset,
        ".".join(parts),
        role,
        content["subject"],
        content["source"],
        _as_compared(content["id"]),
        content["data"],
        its_hash,
    )


def _as_compared(event_id: str) -> str:
    uuid = re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", event_id, re.IGNORECASE)
    return event_id.lower() if uuid else event_id


# ---- an entity's events on one basis (P7)


def _target_of(revision: AcceptedEvent, events: Iterable[AcceptedEvent]) -> AcceptedEvent | None:
    for event in events:
        same = (event.type, event.source) == (revision.type, revision.source)
        if same and not event.role and event.id == _as_compared(revision.data["target"]):
            return event
    return None


def without_target(events: Sequence[AcceptedEvent]) -> list[int]:
    """Return the offsets of revisions whose target is missing."""
    return [event.offset for event in events if event.role and _target_of(event, events) is None]


def remaining(events: Sequence[AcceptedEvent], basis: str) -> list[AcceptedEvent]:
    """Return the originals of a basis, in log order, with their data on that basis."""
    originals = [event for event in events if not event.role]
    if basis == "recorded":
        return originals
    last_revision = {
        target.offset: event for event in events if event.role and (target := _target_of(event, originals)) is not None
    }
    left = []
    for original in originals:
        revision = last_revision.get(original.offset)
        if revision is None:
            left.append(original)
        elif revision.role == "corrected":
            left.append(original._replace(data=revision.data["data"]))
    return left
