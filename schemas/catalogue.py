"""The catalogue for producers: JSON Schema and a valid example of every type, as published in `schemas/published/`."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from schemas.events import EVENT_TYPES, EXTENSION_NAME, Role
from schemas.models import model_of
from schemas.rejection import EXAMPLE, Rejection
from schemas.topics import REJECTION_TOPIC
from schemas.values import PRINTABLE

_EXAMPLES: dict[str, dict[str, Any]] = json.loads(files("schemas").joinpath("examples.json").read_text("utf-8"))
"""Stem of an original type -> the subject and the data of an example; its correction, and what that says otherwise."""
_NO_CONTROLS = r"[^\x00-\x1f\x7f-\x9f]"
"""What is published of PRINTABLE: RE2, ECMA-262, Java and Python read `\\xHH` alike, and no `\\u` is known to all."""
_LEFT_OUT = ("format", "default")
"""Words that types are made wrong by: a day becomes a moment, and what was left out is written."""
_STEMS = {t.family: t.name.removesuffix(".v1") for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL}


def example_of(name: str) -> dict[str, Any]:
    """A valid event of this type. A follow-up's example is about the example of its original type."""
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
        "time": f"{_said_on(example, event_type.role)}T09:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }


def json_schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a whole event of this type, with its example.

    It describes an event for validators and for generators of types in any language, so it is milder than the ledger
    in what few of them can say: invisible characters, days that no calendar has, the types of extension attributes.
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


def _said_on(example: dict[str, Any], role: Role) -> date:
    """Return the day on which an example is said: its own, a follow-up's a month or two later."""
    return date.fromisoformat(example["data"]["occurred_on"]) + timedelta(days=31 * role)


def rejection_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `ip.rejection.v1` says, with an example."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ip-ledger:schema:{REJECTION_TOPIC}",
        **_plain(Rejection.model_json_schema()),
        "title": REJECTION_TOPIC,
        "examples": [json.loads(EXAMPLE.value())],
    }


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in the words that every generator of types knows."""
    plain = {word: _plain_value(word, value) for word, value in schema.items() if word not in _LEFT_OUT}
    match plain.get("anyOf"):
        case [{"type": str(kind)} as said, {"type": "null"}] if not said.keys() & {"enum", "const"}:
            del plain["anyOf"]
            return {**said, "type": [kind, "null"], **plain}
    return plain


def _plain_value(word: str, value: Any) -> Any:
    match word, value:
        case "$defs", dict():
            return {name: _plain(schema) for name, schema in value.items()}
        case "properties", dict():  # a title would become the name of a type, one a field
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
