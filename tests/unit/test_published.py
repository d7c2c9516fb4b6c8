"""The contract with producers: published schemas, examples, and valid events that stay valid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from docs.generate import pages
from schemas.catalogue import example_of
from schemas.codec import Judged, Refusal, judge
from schemas.events import EVENT_TYPES, Role
from tests.each_case import each_case
from tests.events import corrected, example_event, value_of

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "schemas" / "published"
FIXTURES = ROOT / "tests" / "fixtures" / "published"
SCHEMAS = {path: generated for path, generated in pages().items() if path.startswith("schemas/")}
LINES = [(file.stem, line) for file in sorted(FIXTURES.glob("*.ndjson")) for line in file.read_bytes().splitlines()]


@cache
def schema_of(name: str) -> Any:
    return json.loads((PUBLISHED / f"{name}.json").read_text("utf-8"))


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(name), format_checker=FormatChecker())


@each_case("path", SCHEMAS)
def test_the_published_schema_agrees_with_the_code(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == SCHEMAS[path](), "run `make generate`, and see that it is compatible"


@each_case("name", EVENT_TYPES)
def test_the_published_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(validator(name).schema)


@each_case("name", [name for name, type_ in EVENT_TYPES.items() if type_.role == Role.ORIGINAL])
def test_null_equals_a_missing_field_for_the_ledger_and_for_the_schema(name: str) -> None:
    """Generated classes write null for missing fields."""
    event = example_of(name)
    model = schema_of(name)["properties"]["data"]["$ref"].rpartition("/")[2]
    with_nulls = event | {"data": dict.fromkeys(schema_of(name)["$defs"][model]["properties"]) | event["data"]}
    validator(name).validate(with_nulls)
    before, after = judge(json.dumps(event).encode()), judge(json.dumps(with_nulls).encode())
    assert isinstance(before, Judged)
    assert isinstance(after, Judged), after
    assert after.event == before.event


def test_nothing_else_is_published() -> None:
    assert {file.stem for file in PUBLISHED.glob("*.json")} == set(EVENT_TYPES)
    assert {str(file.relative_to(ROOT)) for file in PUBLISHED.rglob("*.json")} == SCHEMAS.keys() - {
        "schemas/asyncapi.json"
    }


def test_the_example_of_a_rejection_is_valid() -> None:
    schema = schema_of("derived/ip.rejection.v1")
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(schema["examples"][0])
    event = example_of("ip.patent.granted.v1")
    event["data"]["occurred_on"] = "19.06.2018"
    refused = judge(json.dumps(event).encode())
    assert isinstance(refused, Refusal)
    shown = (refused.rule.label, refused.path, refused.message, event["id"], event["source"], event["subject"])
    names = ("rule", "path", "message", "id", "source", "subject")
    assert shown == tuple(schema["examples"][0][name] for name in names)


@each_case("name", EVENT_TYPES)
def test_an_example_is_an_event_for_the_ledger_and_for_its_schema(name: str) -> None:
    example = example_of(name)
    judged = judge(json.dumps(example).encode())
    assert isinstance(judged, Judged), judged
    assert judged.type.name == name
    validator(name).validate(example)


@each_case(("name", "line"), LINES)
def test_an_event_of_an_earlier_version_stays_valid(name: str, line: bytes) -> None:
    judged = judge(line)
    assert isinstance(judged, Judged), judged
    assert judged.type.name == name
    validator(name).validate(json.loads(line))


@each_case("name", EVENT_TYPES)
def test_every_field_of_every_version_is_in_its_fixture(name: str) -> None:
    fields = set(_fields(validator(name).schema))
    present = {path for stem, line in LINES if stem == name for path in _present(json.loads(line))}
    assert fields, "a schema without fields"
    assert fields - present == set(), "an optional field was added: add a line that has it to the fixture"


CHANGES: list[dict[str, Any]] = [
    {"specversion": "0.3"},
    {"type": "ip.patent.lost.v1"},
    {"id": ""},
    {"subject": "a" * 129},
    {"time": "2023-05-04"},
    {"source": "a b"},
    {"data": {}},
    {"data": None},
]


@each_case(("name", "change"), product(EVENT_TYPES, CHANGES))
def test_the_schema_refuses_what_the_ledger_refuses(name: str, change: dict[str, Any]) -> None:
    event = example_of(name) | change
    assert not isinstance(judge(json.dumps(event).encode()), Judged)
    assert not validator(name).is_valid(event)


@each_case("name", EVENT_TYPES)
def test_unknown_fields_of_data_are_refused_by_both(name: str) -> None:
    event = example_of(name)
    event["data"]["colour"] = "red"
    assert not isinstance(judge(json.dumps(event).encode()), Judged)
    assert not validator(name).is_valid(event)


@each_case(
    ("stem", "data"),
    [
        ("pledge.modified", {"secured": ...}),
        ("licence.modified", {"royalty_bp": ...}),
        ("patent.tagged", {"model_id": ...}),
        ("patent.tagged", {"model_version": None}),
        ("patent.tagged", {"tag_source": "declared"}),
        ("patent.tagged", {"tag_source": "ipc", "model_id": ..., "model_version": ...}),
        ("patent.tagged", {"confidence": "1.1"}),
        ("valuation.completed", {"model_version": ...}),
        ("valuation.completed", {"model_id": None}),
        ("licence.recorded", {"fee": "free"}),
        ("licence.recorded", {"fee": "royalty"}),
        ("licence.recorded", {"fee": "fixed"}),
        ("open_licence.declared", {"fee": "free"}),
        ("trademark.registered", {"classes": [5, 5]}),
        ("trademark.registered", {"classes": [46]}),
        ("reference.fx_rate", {"rate": "0.00"}),
        ("reference.policy", {"currency": "CNY"}),
        ("reference.policy", {"policy": "inclusive_loan"}),
        ("reference.published_figure", {"industry": "GOLD"}),
        ("reference.published_figure", {"precision": "0"}),
    ],
)
def test_a_rule_between_fields_is_in_the_schema_too(stem: str, data: dict[str, Any]) -> None:
    good, bad = example_event(stem), example_event(stem, **data)
    assert validator(f"ip.{stem}.v1").is_valid(good)
    assert isinstance(judge(value_of(bad)), Refusal)
    assert not validator(f"ip.{stem}.v1").is_valid(bad)
    assert not validator(f"ip.{stem}.corrected.v1").is_valid(corrected(good, **data))


def _fields(schema: Any) -> Iterator[str]:
    """Yield the paths of all fields of a schema, such as `data.assets.id`; follow definitions."""
    definitions = schema.get("$defs", {})

    def below(node: dict[str, Any], path: str) -> Iterator[str]:
        if "$ref" in node:
            node = definitions[node["$ref"].rpartition("/")[2]]
        for kind in node.get("anyOf", []):
            yield from below(kind, path)
        if "items" in node:
            yield from below(node["items"], path)
        for field, inner in node.get("properties", {}).items():
            yield f"{path}{field}"
            yield from below(inner, f"{path}{field}.")

    return below(schema, "")


def _present(content: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of all fields of an event."""
    if isinstance(content, list):
        for item in content:
            yield from _present(item, path)
    elif isinstance(content, dict):
        for field, value in content.items():
            yield f"{path}{field}"
            yield from _present(value, f"{path}{field}.")
