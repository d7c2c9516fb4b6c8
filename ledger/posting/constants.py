"""The constants behind the book's small integers. Changing one requires a new fold version."""

from __future__ import annotations

from typing import Final

from ledger.posting.cells import BASES, KINDS, RIGHTS
from schemas.events import EVENT_TYPES
from schemas.rules import Rule
from schemas.topics import TOPICS

FOLD_VERSION = 7
"""One number for the meaning of records (schemas, shipped industry map, posting rules): see docs/decisions/0007."""


class Outcome:
    """The ledger's decision about a record. Each record has exactly one."""

    ACCEPTED: Final = 1
    DUPLICATE: Final = 2
    CONFLICT: Final = 3
    REJECTED: Final = 4


OUTCOMES = {
    Outcome.ACCEPTED: "accepted",
    Outcome.DUPLICATE: "duplicate",
    Outcome.CONFLICT: "conflict",
    Outcome.REJECTED: "rejected",
}


WITH_FACTS = (Outcome.ACCEPTED, Outcome.CONFLICT)
"""Outcomes whose facts the journal keeps: accepted events, and conflicts for comparison with them."""
CONFLICT_RULE = 20

CONSTANTS: dict[str, dict[int, str]] = {
    "topic": {topic.number: topic.name for topic in TOPICS.values()},
    "type": {event_type.number: event_type.name for event_type in EVENT_TYPES.values()},
    "outcome": dict(OUTCOMES),
    "rule": {**{rule: rule.label for rule in Rule}, CONFLICT_RULE: "conflict"},
    "kind": {number: name for name, number in KINDS.items()},
    "right": {number: name for name, number in RIGHTS.items()},
    "basis": {number: name for name, number in BASES.items()},
}
