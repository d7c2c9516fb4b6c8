"""Valuations: requests, inputs, answers and refusals (IVS 103, 105; GB/T 42748-2023)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from schemas.data.common import BasisPoints, Count, EventData, EventPart, Items, OneParty, check_once
from schemas.events import VALUATION_INPUT, VALUATION_REFUSED, VALUATION_REQUESTED, VALUED
from schemas.money import CurrencyCode, Money
from schemas.values import (
    AssetRight,
    Day,
    EventId,
    IpcSymbol,
    LogPlace,
    Position,
    Proportion,
    Region,
    Sha256,
    ShortText,
    Source,
    Subject,
    Text,
)
from schemas.wording import InvalidValue

Purpose = Literal[
    "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
]
"""The purpose of a valuation."""
BasisOfValue = Literal[
    "market_value",
    "equitable_value",
    "investment_value",
    "synergistic_value",
    "liquidation_value",
    "fair_value",
    "value_in_use",
    "other",
]
Approach = Literal["cost", "market", "income"]
"""The approaches of IVS 103."""
RefusalReason = Literal[
    "too_few",
    "not_in_force",
    "asset_unknown",
    "inputs_missing",
    "out_of_range",
    "model_failed",
    "model_unregistered",
    "model_expired",
    "other",
]
PartBasisPoints = Annotated[int, Field(ge=0, le=10_000)]
"""Hundredths of a percent, at most the whole."""


def _each_id_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    check_once("asset", ids)
    return ids


def _of_one_currency(amounts: tuple[Money, ...]) -> tuple[Money, ...]:
    if len({money.currency for money in amounts}) > 1:
        raise InvalidValue("scenario_currencies")
    return amounts


PoolOfIds = Annotated[
    Items[Subject],
    Field(min_length=1, max_length=90, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_id_once),
]


class Evidence(EventPart):
    """A record that an answer stands on."""

    at: LogPlace = Field(description="the record's place in the log")
    asset: Subject | None = None
    value: Money | None = Field(None, description="what was taken from it, such as a price")


class ModelName(EventPart):
    """A model of valuations, as it is registered (`reference.model`)."""

    id: ShortText
    version: ShortText


class SameAnswer(EventPart):
    """A question that a model answered about the texts of patents (`patent.read`)."""

    question: ShortText
    model: ModelName


class Valuation(EventData):
    """A right or a portfolio was valued (GB/T 42748-2023; IVS 210). An appraised value is neither a debt nor a loan."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"method": {"const": "ai_model"}}},
            "then": {
                "required": ["model_id", "model_version"],
                "properties": {"model_id": {"type": "string"}, "model_version": {"type": "string"}},
            },
        }
    )

    occurred_on: Day = Field(description="date on which the valuation was completed")
    region: Region | None = None
    valuation_id: ShortText
    purpose: Purpose
    method: Literal["cost", "market", "income", "ai_model", "mixed", "other"] = Field(
        description="the valuation approach (IVS 103: cost, market, income), mixed if several; or a model"
    )
    approach: Literal["cost", "market", "income", "mixed"] | None = Field(
        None, description="the approach of a model, or of another method"
    )
    basis_of_value: BasisOfValue | None = Field(None, description="the premise of the value (IVS 102)")
    as_of: Day = Field(description="the day to which the value applies")
    right: AssetRight | None = None
    ipc: Items[IpcSymbol] | None = Field(None, description="the first symbol is the primary one")
    low: Money | None = None
    mid: Money = Field(description="the value, or the middle of its range; figures count this one")
    high: Money | None = None
    platform: ShortText | None = Field(None, description="the platform of the valuation, such as an exchange")
    appraiser: OneParty | None = None
    model_id: ShortText | None = None
    model_version: ShortText | None = None
    input_hash: Sha256 | None = Field(None, description="SHA-256 of the model's inputs")
    model_hash: Sha256 | None = Field(None, description="SHA-256 of the model, or of the parameters of a rule")
    answer_hash: Sha256 | None = Field(None, description="SHA-256 of the model's answer")
    made_by: Literal["person", "rule", "model"] | None = None
    coverage: Proportion | None = Field(
        None, description="the promised share of realised prices from low to high; left out for a judgement"
    )
    bound: Literal["floor"] | None = Field(None, description="floor: the value is at least this")
    request_id: EventId | None = Field(None, description="id of the request that this answers, of the same subject")
    request_source: Source | None = None
    positions: Position | None = Field(None, description="what was read of the log: the next offset of each partition")
    evidence: Items[Evidence] | None = None

    @model_validator(mode="after")
    def _is_a_range_of_a_known_model(self) -> Valuation:
        values = [money for money in (self.low, self.mid, self.high) if money is not None]
        if len({money.currency for money in values}) > 1:
            raise InvalidValue("range_currencies")
        if [money.minor for money in values] != sorted(money.minor for money in values):
            raise InvalidValue("range")
        if self.method == "ai_model" and (self.model_id is None or self.model_version is None):
            raise InvalidValue("valuation_model")
        return self


class ValuationRequest(EventData):
    """A valuation is requested. An evaluator answers with `valuation.completed` or `valuation.refused`."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"approach": {"const": "market"}}},
            "then": {"required": ["comparables"], "properties": {"comparables": {"enum": [9, 19, 39]}}},
            "else": {"properties": {"comparables": {"type": "null"}, "same_answer": {"type": "null"}}},
        }
    )

    occurred_on: Day = Field(description="date of the request")
    purpose: Purpose
    approach: Approach
    basis_of_value: BasisOfValue
    currency: CurrencyCode
    as_of: Day = Field(description="the day to which the value applies; evidence of later days is not used")
    comparables: Literal[9, 19, 39] | None = Field(
        None, description="the number of deals of the market approach, chosen before anybody sees their prices"
    )
    assets: PoolOfIds | None = Field(None, description="the assets of a portfolio; left out for one asset: the subject")
    right: AssetRight | None = Field(None, description="of assets that the log does not know")
    model: ModelName | None = Field(None, description="the model that answers; left out: the ledger's own rule")
    same_answer: SameAnswer | None = Field(
        None, description="for the market approach by the rule: compare only with assets that have the same answer"
    )
    positions: Position | None = Field(
        None, description="the evidence that may be used; left out: all that was published before the request"
    )

    @model_validator(mode="after")
    def _has_the_number_of_its_approach(self) -> ValuationRequest:
        if (self.approach == "market") != (self.comparables is not None):
            raise InvalidValue("comparables")
        if self.same_answer is not None and (self.approach != "market" or self.model is not None):
            raise InvalidValue("same_answer")
        return self


class ValuationRefusal(EventData):
    """An evaluator refuses a valuation: the evidence is too thin."""

    occurred_on: Day = Field(description="date on which it was refused")
    purpose: Purpose
    approach: Approach
    basis_of_value: BasisOfValue
    currency: CurrencyCode
    as_of: Day
    reason: RefusalReason
    had: Count = Field(description="the evidence that there is, such as the number of comparables")
    needed: Count
    asset: Subject | None = Field(None, description="the asset of a portfolio without a value")
    model_id: ShortText
    model_version: ShortText
    model_hash: Sha256 | None = None
    input_hash: Sha256 | None = None
    answer_hash: Sha256 | None = Field(None, description="SHA-256 of the model's answer")
    detail: Text | None = Field(None, description="what a model did instead of answering, or why it refuses")
    request_id: EventId
    request_source: Source
    positions: Position | None = None
    evidence: Items[Evidence] | None = None


class Scenario(EventPart):
    """One scenario of relief from royalty (IVS 210): what the owner saves because it pays no royalty."""

    revenues: Annotated[Items[Money], Field(min_length=1, max_length=50), AfterValidator(_of_one_currency)] = Field(
        description="net sales with the asset in each year from the day of the valuation on; their number is its life"
    )
    royalty_bp: PartBasisPoints = Field(description="the royalty in hundredths of a percent of the revenue")
    tax_bp: PartBasisPoints
    discount_bp: BasisPoints = Field(description="a year")


class ValuationInput(EventData):
    """Somebody states what a rule needs and no register has: a cost, or a scenario of income."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [name]} for name in ("cost", "scenario")]})

    occurred_on: Day = Field(description="date of the statement")
    name: ShortText = Field(description="of the item or the scenario; a later input of this name replaces it")
    stated_by: OneParty
    document: ShortText | None = Field(None, description="where it is stated")
    cost: Money | None = Field(None, description="spent on the asset, such as its development")
    scenario: Scenario | None = None

    @model_validator(mode="after")
    def _states_one(self) -> ValuationInput:
        if (self.cost is None) == (self.scenario is None):
            raise InvalidValue("one_of", fields="cost, scenario")
        return self


MODELS: Final[dict[int, type[EventData]]] = {
    VALUED: Valuation,
    VALUATION_REQUESTED: ValuationRequest,
    VALUATION_REFUSED: ValuationRefusal,
    VALUATION_INPUT: ValuationInput,
}
"""Number of an original type -> the model of its data."""
