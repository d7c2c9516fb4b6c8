"""Judge a record: return its event, or the first rule that it breaks.

Rules are tried in the order of `Rule`. A valid event takes the fast path (orjson, one exact test for duplicate keys,
pydantic). A value that fails there is judged again, slowly and exactly, to name the rule, the path and the reason.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple, cast

import orjson
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from schemas.envelope import EXTENSION_NAME, Envelope, Event
from schemas.escapes import shown
from schemas.events import EVENT_TYPES, EventType
from schemas.modes import Attributes, BadAttribute, Headers, attributes_of, event_of
from schemas.reasons import first_fault, wrong_form
from schemas.rules import Rule
from schemas.wording import LONGEST_QUOTE, Arguments, InvalidValue, given, message_of

LARGEST_VALUE = 1_000_000
"""The maximum size of a value in bytes."""
DEEPEST = 32
"""The maximum depth of nested objects and arrays, the outermost included."""
MANY = 64
"""Objects with more fields are judged field by field: pydantic's list of all errors can take a second."""


class Refusal(NamedTuple):
    """The result for an invalid value: the rule, where in the event (`data.assets.0.id`, or empty), and why: the code
    of the reason and the arguments of its message (`schemas.wording`)."""

    rule: Rule
    path: str
    reason: str
    arguments: Arguments
    envelope: Envelope | None = None

    @property
    def message(self) -> str:
        """The reason as a message."""
        return message_of(self.reason, self.arguments)


class Judged(NamedTuple):
    """The result for a valid event: the event, and its type's row of the catalogue."""

    event: Event[Any, Any]
    type: EventType


class _NotJson(InvalidValue):
    """The value is not JSON that the ledger accepts."""


class _Validators(dict[Any, tuple[SchemaValidator, EventType]]):
    """The validator of each type, built for its first event: most commands need none."""

    def __missing__(self, name: Any) -> tuple[SchemaValidator, EventType]:
        from schemas.models import model_of

        event_type = EVENT_TYPES[name]
        model = model_of(event_type)
        model.model_rebuild()
        validator = cast(SchemaValidator, model.__pydantic_validator__)
        self[name] = validator, event_type
        return self[name]


_VALIDATORS = _Validators()


_ATTRIBUTES = tuple(Envelope.model_fields)
_BYTES = "data_base64"
_EXTENSION_NAME = re.compile(EXTENSION_NAME).fullmatch
_NO_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[^\[\]{}"]+', re.DOTALL).sub
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]").search


def judge(value: bytes | None, headers: Headers = ()) -> Judged | Refusal:
    """Return the event that a record holds, or the reason why it holds none. Pure; never raises.

    `headers` determine its mode (`schemas.modes`); without headers the value is the whole event.
    """
    attributes = attributes_of(headers) if headers else None
    if value and len(value) <= LARGEST_VALUE:
        try:
            content = orjson.loads(value)
            whole = _has_unique_keys(value, content)
        except (ValueError, TypeError):  # orjson reads 1,024 levels and writes 254
            whole = False  # judged below, to find the reason
        if whole:
            return _judge_quickly(value, content, attributes)
    return _judge_exactly(value, attributes)


def _judge_quickly(value: bytes, content: Any, attributes: Attributes | None) -> Judged | Refusal:
    try:
        event = content if attributes is None else event_of(attributes, content)
        if len(event) <= MANY:
            validator, event_type = _VALIDATORS[event["type"]]
            return Judged(validator.validate_python(event), event_type)
    except (ValueError, KeyError, TypeError):
        if value.count(b"[") + value.count(b"{") <= DEEPEST:
            return _judge_content(content, attributes)
    return _judge_exactly(value, attributes)


def _has_unique_keys(value: bytes, content: Any) -> bool:
    # The parser drops a duplicate key together with its colon; every other colon is written again, unless it was an
    # escape. So equal counts mean that nothing was dropped. False may also mean "unknown".
    return value.count(b":") == orjson.dumps(content).count(b":") and b"\\u003" not in value


def _judge_exactly(value: bytes | None, attributes: Attributes | None = None) -> Judged | Refusal:
    if value and len(value) > LARGEST_VALUE:
        return Refusal(Rule.TOO_LARGE, "", "value_bytes", {"bytes": len(value), "most": LARGEST_VALUE})
    if not value:
        return Refusal(Rule.EMPTY, "", "no_value", {})
    try:
        content = _parse(value.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refusal(Rule.NOT_UTF8, "", "byte", {"place": error.start, "byte": value[error.start]})
    except json.JSONDecodeError as error:
        return Refusal(Rule.NOT_JSON, "", *_where(error))
    except _NotJson as error:
        return Refusal(Rule.NOT_JSON, "", error.reason, error.arguments)
    return _judge_content(content, attributes)


def _judge_content(content: Any, attributes: Attributes | None) -> Judged | Refusal:
    if attributes is not None:
        try:
            content = event_of(attributes, content)
        except BadAttribute as error:
            return Refusal(Rule.BAD_ENVELOPE, error.path, error.reason, error.arguments)
    if not isinstance(content, dict):
        return Refusal(Rule.BAD_ENVELOPE, "", _no_event(content), given(content))
    context = {name: content[name] for name in _ATTRIBUTES if name in content}
    as_bytes = "data" not in context and content.get(_BYTES) is not None
    try:
        envelope = Envelope.model_validate(context | {"data": None} if as_bytes else context)
    except ValidationError as error:
        return Refusal(Rule.BAD_ENVELOPE, *first_fault(error))
    if as_bytes:
        return Refusal(Rule.BAD_ENVELOPE, _BYTES, "data_base64", {})
    for name, value in content.items():
        if name not in _ATTRIBUTES and (fault := _extension_fault(name, value)):
            return Refusal(Rule.BAD_ENVELOPE, shown(name, LONGEST_QUOTE), *fault)
    event_type = EVENT_TYPES.get(envelope.type)
    if event_type is None:
        return Refusal(Rule.UNKNOWN_TYPE, "type", "type", given(envelope.type), envelope)
    from schemas.models import model_of

    try:
        return Judged(
            model_of(event_type).model_validate(content | {"data": _without_unknown(envelope.data)}), event_type
        )
    except ValidationError as error:
        return Refusal(Rule.BAD_DATA, *first_fault(error), envelope)


def _no_event(content: Any) -> str:
    batch = isinstance(content, list) and content and isinstance(content[0], dict) and "specversion" in content[0]
    return "batch_of_events" if batch else "no_object"


def _extension_fault(name: str, value: Any) -> tuple[str, Arguments] | None:
    if not _EXTENSION_NAME(name):
        return wrong_form(name, EXTENSION_NAME)
    if isinstance(value, dict | list):
        return "attribute_type", given(value)
    return None


def _without_unknown(content: Any) -> Any:
    """Keep one unknown field per object and drop the rest: pydantic still reports the same first error, without listing
    thousands."""
    if isinstance(content, list):
        return [_without_unknown(item) for item in content]
    if not isinstance(content, dict):
        return content
    known = _fields() if len(content) > MANY else content
    one_more = next((name for name in content if name not in known), None)
    return {name: _without_unknown(value) for name, value in content.items() if name in known or name == one_more}


@cache
def _fields() -> frozenset[str]:
    """Return the names of all fields of all data models."""
    from schemas.models import model_of

    parts = [part for each in EVENT_TYPES.values() for part in model_of(each).model_json_schema()["$defs"].values()]
    return frozenset(name for part in parts for name in part.get("properties", ()))


def _parse(text: str) -> Any:
    """Parse JSON by RFC 8259, as restricted by RFC 7493: no duplicate key, no lone surrogate. Raise _NotJson
    otherwise."""
    if text.startswith("\ufeff"):
        raise _NotJson("json_byte_order_mark")
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise _NotJson("json_depth", most=DEEPEST)
    content = json.loads(
        text,
        object_pairs_hook=_object,
        parse_constant=_refuse_constant,
        parse_int=_whole_number,
    )
    if _SURROGATE(text):
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise _NotJson("json_surrogate") from error
    return content


def _depth(text: str) -> int:
    brackets = _NO_BRACKETS("", text)
    return max(accumulate(1 if bracket in "[{" else -1 for bracket in brackets), default=0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _NotJson("json_key_twice", text=twice[:LONGEST_QUOTE])
    return content


def _refuse_constant(name: str) -> Any:
    raise _NotJson("json_constant", text=name)


def _whole_number(digits: str) -> int | float:
    # A float beyond 64 bits, as in orjson; int() would refuse more than 4,300 digits.
    number = int(digits) if len(digits) <= 20 else 2**64
    return number if -(2**63) <= number < 2**64 else float(digits)


def _where(error: json.JSONDecodeError) -> tuple[str, Arguments]:
    # The library's own words differ between versions of Python. So does the position of a trailing comma: since 3.13
    # the comma itself, before that the character after it.
    at = error.pos
    if error.msg.startswith("Illegal trailing comma"):
        at += 1 + len(error.doc[at + 1 :]) - len(error.doc[at + 1 :].lstrip(" \t\r\n"))
    if at >= len(error.doc):
        return "json_breaks_off", {"characters": len(error.doc)}
    return "json_syntax", {"place": at, "text": error.doc[at : at + 20]}
