"""The published schemas hold only what every generator of types and every engine of patterns reads alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas.catalogue import json_schema_of
from schemas.events import EVENT_TYPES
from tests.each_case import each_case

WORDS = {
    *("$schema", "$id", "$defs", "$ref", "title", "description", "examples", "type", "const", "enum"),
    *("properties", "required", "additionalProperties", "propertyNames", "items", "minItems", "maxItems"),
    *("uniqueItems", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *("anyOf", "allOf", "not", "if", "then", "else"),
}
schema_of = cache(json_schema_of)
NAMED = ("$defs", "properties")
LITERAL = ("const", "enum", "examples", "required", "type")

ESCAPED = r"\\(?:x[0-9a-f]{2}|[.\[\]\\])"
CLASS = rf"\[\^?(?:{ESCAPED}|[^\\\[\]])+\]"
QUANTIFIED = r"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{1,3})?\})?(?![*+?{])"
TOKEN = rf"(?:{ESCAPED}|{CLASS}|[^\\\[\]()*+?{{}}])(?:{QUANTIFIED})"
PATTERN = re.compile(rf"\^(?:{TOKEN}|\((?!\?)|\){QUANTIFIED})+\$")
"""Patterns that RE2, ECMA-262 (with and without `u`), Java and Python read alike: no lookaround, named group, reference
back, possessive or lazy quantifier; no repetition above 999 (RE2 ends at 1,000); of escapes `\\xHH` and punctuation."""


@each_case("name", EVENT_TYPES)
def test_every_regex_engine_reads_the_patterns_alike(name: str) -> None:
    patterns = [value for node in _nodes(schema_of(name)) for word, value in node.items() if word == "pattern"]
    assert len(patterns) > 5
    assert [pattern for pattern in patterns if not PATTERN.fullmatch(pattern)] == []


@each_case("name", EVENT_TYPES)
def test_every_generator_knows_the_keywords(name: str) -> None:
    assert {word for node in _nodes(schema_of(name)) for word in node} <= WORDS


@each_case("name", EVENT_TYPES)
def test_days_and_timestamps_are_strings(name: str) -> None:
    """`format` would make them a Date in TypeScript, which prints a day with a time and truncates a timestamp."""
    assert [node for node in _nodes(schema_of(name)) if "format" in node] == []


@each_case("name", EVENT_TYPES)
def test_an_envelope_is_a_type_and_not_a_map(name: str) -> None:
    """Typed `additionalProperties` next to `properties` become a map of unions."""
    schema = schema_of(name)
    assert "additionalProperties" not in schema
    assert {node["additionalProperties"] for node in _nodes(schema) if "additionalProperties" in node} == {False}


@each_case("name", EVENT_TYPES)
def test_a_scalar_that_may_be_null_has_one_type(name: str) -> None:
    """`anyOf` of a text and null becomes a value without a type in Go."""
    branches = [branch for node in _nodes(schema_of(name)) for branch in node.get("anyOf", [])]
    assert [branch for branch in branches if {"pattern", "minLength", "items", "minimum"} & branch.keys()] == []


@each_case(
    "pattern",
    [
        "^[^\\u0000]$",
        "^(?=a)$",
        "^(?<name>a)$",
        "^(a)\\1$",
        "^a++$",
        "^a+?$",
        "^a{1,1001}$",
        "^\\p{L}$",
        "^\\d$",
        "a",
    ],
)
def test_an_unportable_pattern_is_found(pattern: str) -> None:
    assert not PATTERN.fullmatch(pattern)


def _nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all schemas inside a schema, including itself."""
    yield schema
    for word, value in schema.items():
        if word in NAMED:
            inner = list(value.values())
        elif word in LITERAL:
            continue
        else:
            inner = value if isinstance(value, list) else [value]
        for below in inner:
            if isinstance(below, dict):
                yield from _nodes(below)
