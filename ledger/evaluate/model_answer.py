"""The answer of a model: what it may say, and how it becomes a value or a refusal. Integers and texts only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.evaluate.rules import json_digest
from ledger.evaluate.value import Coverage, Item, NoValue, Value
from schemas.money import LARGEST_MINOR

_VALUE = {"low", "mid", "high", "coverage", "evidence"}
_REFUSAL = {"refused", "had", "needed", "detail"}
_REASONS = ("too_few", "not_in_force", "asset_unknown", "inputs_missing", "other")
_LARGEST_COUNT = 10**9
DETAIL = 200
"""The most characters of a detail."""
_share = re.compile(r"0\.[0-9]{1,6}", re.ASCII).fullmatch
_unprintable = re.compile(r"[^ -~]+").sub


class ModelQuestion(NamedTuple):
    """A question to a registered model: its name, the registered hash, and the input, a JSON document."""

    id: str
    version: str
    hash: str | None
    document: Mapping[str, Any]


class ModelFailed(NamedTuple):
    """No answer: what the model did instead."""

    detail: str


AskModel = Callable[[ModelQuestion], Any]
"""Asks a model; returns the JSON document that it answers, or `ModelFailed`."""


def read_answer(answered: Any, given: Mapping[str, Item]) -> Value | NoValue:
    """Return the answer of a model; a refusal with the reason `model_failed` if it is not an answer. `given` is the
    evidence that it got, by place."""
    if isinstance(answered, ModelFailed):
        return _failed(answered.detail)
    if not isinstance(answered, dict):
        return _failed("the answer is no JSON object")
    if "refused" in answered:
        return _refusal(answered)
    if unknown := sorted(answered.keys() - _VALUE):
        return _failed(f"the answer has an unknown field: {unknown[0]}")
    ends: list[Any] = [answered.get(name) for name in ("low", "mid", "high")]
    if not all(_is_count(end, LARGEST_MINOR) for end in ends):
        return _failed("low, mid and high must be integers in minor units, and not negative")
    if ends != sorted(ends):
        return _failed("low, mid and high are not in order")
    coverage = answered.get("coverage")
    if coverage is not None and not (isinstance(coverage, str) and _share(coverage)):
        return _failed("coverage must be a text such as 0.8, or null")
    places = answered.get("evidence", [])
    if not isinstance(places, list) or not all(isinstance(at, str) and at in given for at in places):
        return _failed("evidence must be a list of places that were in the input")
    share = Fraction(coverage) if coverage is not None else None
    evidence = tuple(given[at] for at in dict.fromkeys(places))
    low, mid, high = ends
    return Value(low, mid, high, None if share is None else Coverage(share.numerator, share.denominator), evidence)


def answer_hash(value: Value | NoValue) -> str:
    """Return the SHA-256 of what a model answered, in hexadecimal."""
    return json_digest(value._asdict())


def _refusal(answered: Mapping[str, Any]) -> NoValue:
    if unknown := sorted(answered.keys() - _REFUSAL):
        return _failed(f"the answer has an unknown field: {unknown[0]}")
    had, needed, detail = answered.get("had", 0), answered.get("needed", 1), answered.get("detail")
    if answered["refused"] not in _REASONS:
        return _failed(f"refused must be one of {', '.join(_REASONS)}")
    if not all(_is_count(count, _LARGEST_COUNT) for count in (had, needed)):
        return _failed("had and needed must be counts")
    if not isinstance(detail, str | None):
        return _failed("detail must be a text")
    return NoValue(answered["refused"], had, needed, detail=_printable(detail) if detail else None)


def _failed(detail: str) -> NoValue:
    return NoValue("model_failed", 0, 1, detail=_printable(detail))


def _is_count(given: Any, largest: int) -> bool:
    return type(given) is int and 0 <= given <= largest


def _printable(text: str) -> str:
    return _unprintable("?", text)[:DETAIL]
