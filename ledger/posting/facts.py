"""Facts: the part of an event that figures need, as a JSON object that the journal keeps and that views read.

An original's facts are its data under the same names, but for these: days are YYYYMMDD, money is [ISO 4217 number,
minor units], rights are the numbers of `cells.RIGHTS`; what is not said and what is prose is left out. In the place of
`ipc` stands `industry`, the number of the first symbol's industry; a patent's document has `scope`, the number of its
different IPC subclasses, and `genai` (1) where a symbol says so. In the place of `inventors` stand
`inventor_countries`, each once. The facts of a correction are [target, facts of the replacement], of a voiding
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
"""From a 14-character IPC symbol to the code of its industry."""
Convert = Callable[[Any], Any]


class Digest(NamedTuple):
    """What the ledger keeps of an event: its business date (None for a voiding) and its facts."""

    occurred_on: int | None
    facts: Facts


def digest(judged: Judged, industry_of: IndustryOf) -> Digest:
    """The facts of an event that the codec accepted."""
    event_type, data = judged.type, judged.event.data
    if event_type.role == Role.VOIDED:
        return Digest(None, (data.target,))
    facts_of = _digesters(industry_of)[event_type.family]
    if event_type.role == Role.CORRECTED:
        facts = facts_of(data.data)
        return Digest(facts["occurred_on"], (data.target, facts))
    facts = facts_of(data)
    return Digest(facts["occurred_on"], facts)


def money(facts: Facts, name: str) -> tuple[int, int]:
    """(currency, minor units) of an amount; (NO_CURRENCY, 0) where it is not said."""
    currency, amount = facts.get(name) or (NO_CURRENCY, 0)
    return currency, amount


def optional_money(facts: Facts, name: str) -> tuple[int | None, int | None]:
    """Return (currency, minor units) of an amount; (None, None) where the event gives none."""
    currency, amount = facts.get(name) or (None, None)
    return currency, amount


def array(items: Facts) -> str | None:
    """Return a JSON array as text; None where there is none."""
    return None if items is None else orjson.dumps(items).decode()


@cache
def _digesters(industry_of: IndustryOf) -> dict[int, Convert]:
    return {family: _object_of(data, industry_of) for family, data in DATA.items()}


def _object_of(model: Any, industry_of: IndustryOf) -> Convert:
    """How an object of this model becomes a JSON object, worked out once."""
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
        said = data.__dict__
        facts = {name: value for name in plain if (value := said[name]) is not None}
        for name, convert in converted:
            if (value := said[name]) is not None:
                facts[name] = convert(value)
        for derive in more:
            facts.update(derive(said))
        return facts

    return facts_of


def _derived(name: str, industry_of: IndustryOf) -> Convert | None:
    """From all that an object says, what stands in the place of this field."""
    if name == "ipc":
        return lambda said: _industry(said["ipc"], industry_of)
    return {"cpc": _classification, "inventors": _inventor_countries}.get(name)


def _convert(annotation: Any, industry_of: IndustryOf) -> Convert | None:
    """How a value becomes JSON; None where it is JSON already."""
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
    """What stands beside a type, also inside of `... | None`."""
    return [mark for each in get_args(annotation) if get_origin(each) is Annotated for mark in get_args(each)[1:]]


def _industry(ipc: Sequence[str] | None, industry_of: IndustryOf) -> Facts:
    return {"industry": INDUSTRY_NUMBERS[industry_of(ipc[0])] if ipc else UNKNOWN}


def _classification(said: dict[str, Any]) -> Facts:
    ipc = said["ipc"] or ()
    facts = {"scope": len({symbol[:4] for symbol in ipc})}
    if any(map(is_genai, ipc)) or any(map(is_genai, said["cpc"] or ())):
        facts["genai"] = 1
    return facts


def _inventor_countries(said: dict[str, Any]) -> Facts:
    countries = dict.fromkeys(inventor.country for inventor in said["inventors"] or () if inventor.country)
    return {"inventor_countries": [*countries]} if countries else {}
