"""Facts: the fields of an event that figures need, as a JSON object in the journal that views read.

An original's facts are its data under the same names, with these differences: days are YYYYMMDD, money is [ISO 4217
number, minor units], rights are the numbers of `cells.RIGHTS`; absent fields and prose are omitted. `industry`, the
number of the first symbol's industry, replaces `ipc`. A patent document keeps `ipc` and `cpc` too, and has `scope`, the
number of its distinct IPC subclasses, and `genai` (1) if a symbol is one of generative AI. `inventor_countries`, each
once, replaces `inventors`. The facts of a correction are [target, facts of the replacement], those of a void are
[target].
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import orjson

from ledger.posting.cells import INDUSTRY_NUMBERS, NO_CURRENCY, RIGHTS, UNKNOWN
from ledger.posting.days import day_number
from schemas.codec import Judged
from schemas.data.common import EventPart, NotStored
from schemas.events import Role
from schemas.industry import is_genai
from schemas.models import DATA
from schemas.money import Money
from schemas.values import AssetRight, Right

Facts = Any
"""A JSON object of an original, a JSON array of a revision."""
IndustryOf = Callable[[str], str]
"""14-character IPC symbol -> industry code."""
Convert = Callable[[Any], Any]


class StoredPart(NamedTuple):
    """The stored part of an event: its business date (None for a void) and its facts."""

    occurred_on: int | None
    facts: Facts


def stored_part(judged: Judged, industry_of: IndustryOf) -> StoredPart:
    """Return the business date and facts of an event that the codec accepted."""
    event_type, data = judged.type, judged.event.data
    if event_type.role == Role.VOIDED:
        return StoredPart(None, (data.target,))
    facts_of = _digesters(industry_of)[event_type.family]
    if event_type.role == Role.CORRECTED:
        facts = facts_of(data.data)
        return StoredPart(facts["occurred_on"], (data.target, facts))
    facts = facts_of(data)
    return StoredPart(facts["occurred_on"], facts)


def money(facts: Facts, name: str) -> tuple[int, int]:
    """Return (currency, minor units) of an amount; (NO_CURRENCY, 0) if the event gives none."""
    currency, amount = facts.get(name) or (NO_CURRENCY, 0)
    return currency, amount


def optional_money(facts: Facts, name: str) -> tuple[int | None, int | None]:
    """Return (currency, minor units) of an amount; (None, None) if the event gives none."""
    currency, amount = facts.get(name) or (None, None)
    return currency, amount


def array(items: Facts) -> str | None:
    """Return a JSON array as text, or None."""
    return None if items is None else orjson.dumps(items).decode()


@cache
def _digesters(industry_of: IndustryOf) -> dict[int, Convert]:
    return {family: _object_of(data, industry_of) for family, data in DATA.items()}


def _object_of(model: Any, industry_of: IndustryOf) -> Convert:
    """Return a function that converts an object of this model to a JSON object."""
    plain: list[str] = []
    converted: list[tuple[str, Convert]] = []
    more: list[Convert] = []
    for name, field in model.model_fields.items():
        if any(isinstance(mark, NotStored) for mark in (*field.metadata, *_marks(field.annotation))):
            continue
        if derive := _derived(name, industry_of):
            more.append(derive)
        elif convert := _convert(field.annotation, industry_of):
            converted.append((name, convert))
        else:
            plain.append(name)

    def facts_of(data: EventPart) -> Facts:
        given = data.__dict__
        facts = {name: value for name in plain if (value := given[name]) is not None}
        for name, convert in converted:
            if (value := given[name]) is not None:
                facts[name] = convert(value)
        for derive in more:
            facts.update(derive(given))
        return facts

    return facts_of


def _derived(name: str, industry_of: IndustryOf) -> Convert | None:
    """Return a function from all fields of an object to the facts that replace this field, or None."""
    if name == "ipc":
        return lambda given: _industry(given["ipc"], industry_of)
    return {"cpc": _classification, "inventors": _inventor_countries}.get(name)


def _convert(annotation: Any, industry_of: IndustryOf) -> Convert | None:
    """Return a function that converts a value to JSON, or None if the value is JSON already."""
    if annotation in (Right, AssetRight):
        return RIGHTS.__getitem__
    origin = get_origin(annotation)
    if origin is Annotated:
        return _convert(get_args(annotation)[0], industry_of)
    if origin in (Union, types.UnionType):
        return _convert(next(each for each in get_args(annotation) if each is not type(None)), industry_of)
    if origin is tuple:
        convert = _convert(get_args(annotation)[0], industry_of)
        return (lambda items: [convert(item) for item in items]) if convert else list
    if annotation is date:
        return day_number
    if annotation is Money:
        return lambda amount: (amount.currency.number, amount.minor)
    return (
        _object_of(annotation, industry_of)
        if isinstance(annotation, type) and issubclass(annotation, EventPart)
        else None
    )


def _marks(annotation: Any) -> Sequence[Any]:
    """Return the annotations of a type, including those inside `... | None`."""
    return [mark for each in get_args(annotation) if get_origin(each) is Annotated for mark in get_args(each)[1:]]


def _industry(ipc: Sequence[str] | None, industry_of: IndustryOf) -> Facts:
    return {"industry": INDUSTRY_NUMBERS[industry_of(ipc[0])] if ipc else UNKNOWN}


def _classification(given: dict[str, Any]) -> Facts:
    ipc = given["ipc"] or ()
    facts: dict[str, Any] = {"scope": len({symbol[:4] for symbol in ipc})}
    if ipc:
        facts["ipc"] = ipc
    cpc = given["cpc"] or ()
    if cpc:
        facts["cpc"] = cpc
    if any(map(is_genai, ipc)) or any(map(is_genai, cpc)):
        facts["genai"] = 1
    return facts


def _inventor_countries(given: dict[str, Any]) -> Facts:
    countries = dict.fromkeys(inventor.country for inventor in given["inventors"] or () if inventor.country)
    return {"inventor_countries": [*countries]} if countries else {}
