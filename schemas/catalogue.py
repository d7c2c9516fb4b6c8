"""The catalogue for producers: JSON Schema and a valid example of every type, published in `schemas/published/`."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from schemas.envelope import EXTENSION_NAME
from schemas.events import EVENT_TYPES, Role
from schemas.models import model_of
from schemas.rejection import EXAMPLE, Rejection
from schemas.topics import REJECTION_TOPIC
from schemas.values import PRINTABLE

_EXAMPLES: dict[str, dict[str, Any]] = json.loads(files("schemas").joinpath("examples.json").read_text("utf-8"))
"""Stem of an original type -> the subject and data of its example, and the fields that its correction changes."""
_NO_CONTROLS = r"[^\x00-\x1f\x7f-\x9f]"
"""The published form of PRINTABLE: RE2, ECMA-262, Java and Python all read `\\xHH` alike, but not all know `\\u`."""
_OMITTED = ("format", "default")
"""Keywords that mislead generators of types: `format` turns a day into a moment, `default` writes omitted fields."""
_STEMS = {t.family: t.name.removesuffix(".v1") for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL}


def example_of(name: str) -> dict[str, Any]:
    """Return a valid event of this type. A revision's example refers to the example of its original type."""
    event_type = EVENT_TYPES[name]
    example = _EXAMPLES[_STEMS[event_type.family]]
    data = deepcopy(example["data"])
    if event_type.role == Role.CORRECTED:
        correction = deepcopy(example["correction"])
        data = {"target": _id(event_type.family), "reason": correction["reason"], "data": data | correction["data"]}
    elif event_type.role == Role.VOIDED:
        data = {"target": _id(event_type.family), "reason": "entered by mistake"}
    return {
        "specversion": "1.0",
        "id": _id(event_type.number),
        "source": "urn:registry:example",
        "type": name,
        "subject": example["subject"],
        "time": f"{_sent_on(example, event_type.role)}T09:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }


def json_schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a whole event of this type, with its example.

    It serves validators and type generators in any language, so it is more lenient than the ledger where few of them
    can express a rule: invisible characters, days that no calendar has, types of extension attributes.
    """
    schema = _plain(model_of(EVENT_TYPES[name]).model_json_schema())
    del schema["additionalProperties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ip-ledger:schema:{name}",
        **schema,
        "propertyNames": {"pattern": EXTENSION_NAME},
        "title": name,
        "examples": [example_of(name)],
    }


def _sent_on(example: dict[str, Any], role: Role) -> date:
    """Return the day on which an example is sent: its own date, or a month or two later for a revision."""
    return date.fromisoformat(example["data"]["occurred_on"]) + timedelta(days=31 * role)


def rejection_schema() -> dict[str, Any]:
    """Return the JSON Schema of the records of `ip.rejection.v1`, with an example."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ip-ledger:schema:{REJECTION_TOPIC}",
        **_plain(Rejection.model_json_schema()),
        "title": REJECTION_TOPIC,
        "examples": [json.loads(EXAMPLE.value())],
    }


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that uses only keywords that every generator of types knows."""
    plain = {word: _plain_value(word, value) for word, value in schema.items() if word not in _OMITTED}
    match plain.get("anyOf"):
        case [{"type": str(kind)} as value, {"type": "null"}] if not value.keys() & {"enum", "const"}:
            del plain["anyOf"]
            return {**value, "type": [kind, "null"], **plain}
    return plain


def _plain_value(word: str, value: Any) -> Any:
    match word, value:
        case "$defs", dict():
            return {name: _plain(schema) for name, schema in value.items()}
        case "properties", dict():  # a generator would name a type after the title of each field
            return {
                name: _plain({key: schema[key] for key in schema if key != "title"}) for name, schema in value.items()
            }
        case (("anyOf" | "allOf"), list()):
            return [_plain(schema) for schema in value]
        case (("items" | "not" | "if" | "then" | "else"), dict()):
            return _plain(value)
        case "pattern", str():
            return value.replace(PRINTABLE, _NO_CONTROLS)
    return value


def _id(number: int) -> str:
    return f"0190c6f0-5a00-7000-8000-{number:012d}"
