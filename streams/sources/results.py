"""What a source gives: events ready to be published, and what it did not take, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from schemas.codec import Refusal, judge


class Imported(NamedTuple):
    """One event: the record's value (a line of JSON without its end), its subject and its type."""

    value: bytes
    subject: str
    type: str


class NotTaken(NamedTuple):
    """A document that gave no event.

    `place` is a line of `file`, or a line and a reel/frame. `fault` is true where the input is bad or in a
    format that is not read, and false where it was understood and is deliberately not taken.
    """

    file: str
    place: str
    reason: str
    fault: bool


Result = Imported | NotTaken
Source = Callable[[Sequence[Path]], Iterator[Result]]
"""Files to results. Never raises on what the files contain, and holds no more of them than one document."""


class Unreadable(ValueError):
    """A document that should have given an event and cannot."""


class LeftOut(Exception):
    """A document that was understood and is deliberately not taken."""


def event(envelope: dict[str, str], data: dict[str, Any]) -> Imported:
    """The event of these attributes (`id`, `source`, `type`, `subject`, `time`) and data, keys in that order.

    Values of `data` that are None are left out. Raises Unreadable if the ledger would refuse the event.
    """
    known = {name: value for name, value in data.items() if value is not None}
    value = orjson.dumps({"specversion": "1.0", **envelope, "datacontenttype": "application/json", "data": known})
    verdict = judge(value)
    if isinstance(verdict, Refusal):
        place = verdict.path or "the event"
        raise Unreadable(f"{envelope['subject']}: {verdict.rule.label}: {place}: {verdict.message}")
    return Imported(value, envelope["subject"], envelope["type"])


def first_fault(error: ValidationError) -> str:
    """The first thing that a model did not like, in one line: `reelNumber: Field required`."""
    fault = error.errors(include_url=False, include_input=False)[0]
    return ": ".join([".".join(map(str, fault["loc"])), fault["msg"]]).removeprefix(": ")
