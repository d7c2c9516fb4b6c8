"""The input of a model: a JSON document of what the log knows about the assets before a position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.evaluate.comparable import PricedDeal, comparables
from ledger.evaluate.income import IncomeScenario
from ledger.evaluate.value import Item, RecordPlace
from ledger.posting.cells import RIGHTS
from ledger.posting.constants import CONSTANTS
from ledger.posting.facts import Facts
from ledger.valuations.evidence import EvidenceReader, ValuationQuestion
from ledger.valuations.readings import ModelReading

INPUT_FORMAT = 1
_REQUEST = ("approach", "purpose", "basis_of_value", "currency", "comparables")
_RIGHTS = {number: name for name, number in RIGHTS.items()}


class ModelInput(NamedTuple):
    """The document, and the evidence in it by place."""

    document: dict[str, Any]
    given: dict[str, Item]


def model_input(
    evidence: EvidenceReader, facts: Facts, assets: Sequence[str], question: ValuationQuestion
) -> ModelInput:
    """Return the input of a model about assets: docs/valuations.md describes the fields. Money is in minor units."""
    given: dict[str, Item] = {}
    document = {
        "format": INPUT_FORMAT,
        "request": {
            **{name: facts[name] for name in _REQUEST if name in facts},
            "as_of": written_day(facts["as_of"]),
        },
        "assets": [_asset(evidence, facts, asset, question, given) for asset in assets],
    }
    return ModelInput(document, given)


def place_text(place: RecordPlace) -> str:
    """Return a place as users write it: `ip.deal.v1:2=17`."""
    topic, partition, offset = place
    return f"{CONSTANTS['topic'][topic]}:{partition}={offset}"


def written_day(number: int) -> str:
    """Return a day YYYYMMDD as YYYY-MM-DD."""
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"


def _asset(
    evidence: EvidenceReader, facts: Facts, asset: str, question: ValuationQuestion, given: dict[str, Item]
) -> dict[str, Any]:
    subject = evidence.subject(asset, question)
    readings = [
        reading
        for reading in evidence.readings(asset, question)
        if not evidence.registered(*reading.model, facts["occurred_on"]).refusal
    ]
    deals = comparables(subject, evidence.nearest(asset, question))[: question.comparables]
    costs, scenarios = evidence.costs(asset, question), evidence.scenarios(asset, question)
    for item in (*(Item(deal.place, deal.assets[0], deal.minor) for deal in deals), *costs):
        given[place_text(item.place)] = item
    for item in (Item(reading.place, asset) for reading in readings):
        given[place_text(item.place)] = item
    for scenario in scenarios:
        given[place_text(scenario.item.place)] = scenario.item
    return {
        "asset": asset,
        "office": subject.office,
        "right": _RIGHTS.get(subject.right),
        "family": subject.family,
        "owners": sorted(subject.owners),
        "words": list(evidence.words(asset)),
        "ipc": list(evidence.ipc(asset)),
        "in_force": evidence.in_force(asset, question),
        "comparables": [_deal(deal) for deal in deals],
        "costs": [{"at": place_text(item.place), "minor": item.minor} for item in costs],
        "scenarios": [_scenario(scenario) for scenario in scenarios],
        # absent where there are none, so that inputs from before the first reading keep their hash
        **({"readings": [_reading(reading) for reading in readings]} if readings else {}),
    }


def _deal(deal: PricedDeal) -> dict[str, Any]:
    return {
        "at": place_text(deal.place),
        "asset": deal.assets[0],
        "day": written_day(deal.day),
        "minor": deal.minor,
        "office": deal.office,
        "sellers": sorted(deal.owners),
    }


def _reading(reading: ModelReading) -> dict[str, Any]:
    model, version = reading.model
    answered = {"question": reading.question, "answer": reading.answer, "model": model, "model_version": version}
    return {"at": place_text(reading.place), **answered}


def _scenario(scenario: IncomeScenario) -> dict[str, Any]:
    rates = {name: getattr(scenario, name) for name in ("royalty_bp", "tax_bp", "discount_bp")}
    return {"at": place_text(scenario.item.place), "revenues": list(scenario.revenues), **rates}
