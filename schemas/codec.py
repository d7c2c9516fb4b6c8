"""Judging a record's value: one event, or the first rule that it breaks.

The rules are tried in the order of `Rule`. A good event takes the short way (orjson, one exact test for keys said
twice, pydantic); whatever fails there is judged again, slowly and exactly, to name the rule, the place and the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import IntEnum
from itertools import accumulate
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails, SchemaValidator

from schemas.events import EVENT_TYPES, Envelope, Event, EventType

LARGEST_VALUE = 1_000_000
"""A value has at most this many bytes."""
DEEPEST = 32
"""Objects and arrays may be nested this deep, the outermost included."""


class Rule(IntEnum):
    """Why a record was refused, in the order in which the rules are tried. Numbers are constants for life."""

    TOO_LARGE = 1
    EMPTY = 2
    NOT_UTF8 = 3
    NOT_JSON = 4
    BAD_ENVELOPE = 5
    UNKNOWN_TYPE = 6
    BAD_DATA = 7
    MISROUTED = 8

    @property
    def label(self) -> str:
        """The rule's name on the wire and in the book."""
        return self.name.lower()


class Refusal(NamedTuple):
    """A value that is no event: the rule, where in the event (`data.assets.0.id`, or empty), and why."""

    rule: Rule
    path: str
    message: str
    envelope: Envelope | None = None


class Judged(NamedTuple):
    """A value that is an event, and the row of the catalogue that it belongs to."""

    event: Event[Any, Any]
    type: EventType


class _NotJson(ValueError):
    pass


_VALIDATORS: dict[Any, tuple[SchemaValidator, EventType]] = {
    name: (event_type.model.__pydantic_validator__, event_type)  # type: ignore[misc]
    for name, event_type in EVENT_TYPES.items()
}


def judge(value: bytes | None) -> Judged | Refusal:
    """The event that a record's value holds, or why it holds none. Pure; never raises."""
    if value and len(value) <= LARGEST_VALUE:
        try:
            content = orjson.loads(value)
            if _says_each_key_once(value, content):
                validator, event_type = _VALIDATORS[content["type"]]
                return Judged(validator.validate_python(content), event_type)
        except (ValueError, KeyError, TypeError):
            pass  # judged again below, to say why
    return _judge_exactly(value)


def _says_each_key_once(value: bytes, content: Any) -> bool:
    # A key said twice is dropped by the parser, and its colon with it; every other colon is written again, unless it
    # was written as an escape. So equal counts mean that nothing was dropped. False may also mean: not known.
    return value.count(b":") == orjson.dumps(content).count(b":") and b"\\u003" not in value


def _judge_exactly(value: bytes | None) -> Judged | Refusal:
    if value and len(value) > LARGEST_VALUE:
        return Refusal(Rule.TOO_LARGE, "", f"the value has {len(value)} bytes, at most {LARGEST_VALUE} are taken")
    if not value:
        return Refusal(Rule.EMPTY, "", "the record has no value")
    try:
        content = _parse(value.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refusal(Rule.NOT_UTF8, "", f"byte {error.start} is not UTF-8")
    except json.JSONDecodeError as error:
        return Refusal(Rule.NOT_JSON, "", f"the value is not JSON: {_where(error)}")
    except _NotJson as error:
        return Refusal(Rule.NOT_JSON, "", f"the value is not JSON: {error}")
    return _judge_content(content)


def _judge_content(content: Any) -> Judged | Refusal:
    try:
        envelope = Envelope.model_validate(content)
    except ValidationError as error:
        return Refusal(Rule.BAD_ENVELOPE, *_first_fault(error))
    event_type = EVENT_TYPES.get(envelope.type)
    if event_type is None:
        return Refusal(Rule.UNKNOWN_TYPE, "type", f"type {envelope.type[:80]} is not known", envelope)
    try:
        return Judged(event_type.model.model_validate(content), event_type)
    except ValidationError as error:
        return Refusal(Rule.BAD_DATA, *_first_fault(error), envelope)


def _parse(text: str) -> Any:
    """JSON as RFC 8259 has it, and as RFC 7493 narrows it: no key twice, no lone surrogate. Raises _NotJson."""
    if text.startswith("\ufeff"):
        raise _NotJson("it begins with a byte order mark")
    brackets = re.sub(r'"(?:[^"\\]|\\.)*+"?|[^\[\]{}"]', "", text, flags=re.DOTALL)
    steps = (1 if bracket in "[{" else -1 for bracket in brackets)
    if max(accumulate(steps), default=0) > DEEPEST:
        raise _NotJson(f"it is nested deeper than {DEEPEST}")
    content = json.loads(
        text,
        object_pairs_hook=_object,
        parse_constant=_refuse_constant,
        parse_int=_whole_number,
    )
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _NotJson("a text holds half of a surrogate pair") from error
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _NotJson(f"the key {twice[:80]!a} is said twice")
    return content


def _refuse_constant(name: str) -> Any:
    raise _NotJson(f"{name} is not a JSON number")


def _whole_number(digits: str) -> int | float:
    # Beyond 64 bits a float, as in orjson; int() would refuse more than 4,300 digits.
    return int(digits) if len(digits) < 20 else float(digits)


def _where(error: json.JSONDecodeError) -> str:
    # In our own words: they are kept in the book, and the library's differ between versions of Python. So does the
    # place of a comma too many: the comma itself since 3.13, before that what follows.
    place = error.pos
    if error.msg.startswith("Illegal trailing comma"):
        place += 1 + len(error.doc[place + 1 :]) - len(error.doc[place + 1 :].lstrip(" \t\r\n"))
    if place >= len(error.doc):
        return f"it breaks off after {len(error.doc)} characters"
    return f"from character {place} on, {error.doc[place : place + 20]!a}"


def _first_fault(error: ValidationError) -> tuple[str, str]:
    fault = error.errors(include_url=False)[0]
    return ".".join(map(str, _place(fault["loc"]))), _reason(fault)


def _place(location: Iterable[int | str]) -> Iterable[int | str]:
    # A location ends in pydantic's own words where one of several kinds of value was tried.
    return [step for step in location if step not in ("[key]", "str", "bool", "int", "float", "none")]


def _reason(fault: ErrorDetails) -> str:
    """Said in our own words where the library's are meant for programmers; they are kept in the book."""
    given = fault.get("input")
    match fault["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a field that is known here"
        case "string_pattern_mismatch":
            return f"{_short(given)} does not have the form {fault['ctx']['pattern']}"
        case "value_error":
            return str(fault["ctx"]["error"])
        case "string_type" | "model_type" | "model_attributes_type" | "tuple_type" | "dict_type":
            wanted = {"s": "a text", "t": "an array"}.get(fault["type"][0], "an object")
            return f"{_short(given)} is not {wanted}"
        case _:
            return f"{_short(given)}: {fault['msg']}"


def _short(given: Any) -> str:
    text = json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."
