"""Data of the events `ip.valuation.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Money, Party


class Evidence(Model):
    """A record that an answer stands on."""

    at: Annotated[str, Field(pattern=r"^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}$")]
    """the record's place in the log"""
    asset: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,128}$")] = None
    value: Money | None = None
    """what was taken from it, such as a price"""


class Valuation(Model):
    """A right or a portfolio was valued (GB/T 42748-2023; IVS 210). An appraised value is neither a debt nor a loan."""

    TYPE: ClassVar[str] = "ip.valuation.completed.v1"

    occurred_on: date
    """date on which the valuation was completed"""
    valuation_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    purpose: Literal[
        "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
    ]
    method: Literal["cost", "market", "income", "ai_model", "mixed", "other"]
    """the valuation approach (IVS 103: cost, market, income), mixed if several; or a model"""
    as_of: date
    """the day to which the value applies"""
    mid: Money
    """the value, or the middle of its range; figures count this one"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    approach: Literal["cost", "market", "income", "mixed"] | None = None
    """the approach of a model, or of another method"""
    basis_of_value: (
        Literal[
            "market_value",
            "equitable_value",
            "investment_value",
            "synergistic_value",
            "liquidation_value",
            "fair_value",
            "value_in_use",
            "other",
        ]
        | None
    ) = None
    """the premise of the value (IVS 102)"""
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"] | None = None
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    """the first symbol is the primary one"""
    low: Money | None = None
    high: Money | None = None
    platform: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the platform of the valuation, such as an exchange"""
    appraiser: Party | None = None
    model_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    model_version: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    input_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    """SHA-256 of the model's inputs"""
    model_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    """SHA-256 of the model, or of the parameters of a rule"""
    answer_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    """SHA-256 of the model's answer"""
    made_by: Literal["person", "rule", "model"] | None = None
    coverage: Annotated[str | None, Field(pattern=r"^(0(\.[0-9]{1,12})?|1(\.0{1,12})?)$")] = None
    """the promised share of realised prices from low to high; left out for a judgement"""
    bound: Literal["floor"] | None = None
    """floor: the value is at least this"""
    request_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """id of the request that this answers, of the same subject"""
    request_source: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{1,256}$")] = None
    positions: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}(,[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18})*$",
            max_length=100000,
        ),
    ] = None
    """what was read of the log: the next offset of each partition"""
    evidence: list[Evidence] | None = None


class Scenario(Model):
    """One scenario of relief from royalty (IVS 210): what the owner saves because it pays no royalty."""

    revenues: Annotated[list[Money], Field(min_length=1, max_length=50)]
    """net sales with the asset in each year from the day of the valuation on; their number is its life"""
    royalty_bp: Annotated[int, Field(ge=0, le=10000)]
    """the royalty in hundredths of a percent of the revenue"""
    tax_bp: Annotated[int, Field(ge=0, le=10000)]
    discount_bp: Annotated[int, Field(ge=0, le=100000)]
    """a year"""


class ValuationInput(Model):
    """Somebody states what a rule needs and no register has: a cost, or a scenario of income."""

    TYPE: ClassVar[str] = "ip.valuation.input.v1"

    occurred_on: date
    """date of the statement"""
    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """of the item or the scenario; a later input of this name replaces it"""
    stated_by: Party
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    document: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """where it is stated"""
    cost: Money | None = None
    """spent on the asset, such as its development"""
    scenario: Scenario | None = None


class ValuationRefusal(Model):
    """An evaluator refuses a valuation: the evidence is too thin."""

    TYPE: ClassVar[str] = "ip.valuation.refused.v1"

    occurred_on: date
    """date on which it was refused"""
    purpose: Literal[
        "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
    ]
    approach: Literal["cost", "market", "income"]
    basis_of_value: Literal[
        "market_value",
        "equitable_value",
        "investment_value",
        "synergistic_value",
        "liquidation_value",
        "fair_value",
        "value_in_use",
        "other",
    ]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    as_of: date
    reason: Literal[
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
    had: Annotated[int, Field(ge=0, le=1000000000000)]
    """the evidence that there is, such as the number of comparables"""
    needed: Annotated[int, Field(ge=0, le=1000000000000)]
    model_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    model_version: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    request_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    request_source: Annotated[str, Field(pattern=r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{1,256}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    asset: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,128}$")] = None
    """the asset of a portfolio without a value"""
    model_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    input_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    answer_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    """SHA-256 of the model's answer"""
    detail: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """what a model did instead of answering, or why it refuses"""
    positions: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}(,[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18})*$",
            max_length=100000,
        ),
    ] = None
    evidence: list[Evidence] | None = None


class ModelName(Model):
    """A model of valuations, as it is registered (`reference.model`)."""

    id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    version: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]


class SameAnswer(Model):
    """A question that a model answered about the texts of patents (`patent.read`)."""

    question: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    model: ModelName


class ValuationRequest(Model):
    """A valuation is requested. An evaluator answers with `valuation.completed` or `valuation.refused`."""

    TYPE: ClassVar[str] = "ip.valuation.requested.v1"

    occurred_on: date
    """date of the request"""
    purpose: Literal[
        "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
    ]
    approach: Literal["cost", "market", "income"]
    basis_of_value: Literal[
        "market_value",
        "equitable_value",
        "investment_value",
        "synergistic_value",
        "liquidation_value",
        "fair_value",
        "value_in_use",
        "other",
    ]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    as_of: date
    """the day to which the value applies; evidence of later days is not used"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    comparables: Literal[9, 19, 39] | None = None
    """the number of deals of the market approach, chosen before anybody sees their prices"""
    assets: Annotated[
        list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,128}$")]] | None,
        Field(min_length=1, max_length=90),
    ] = None
    """the assets of a portfolio; left out for one asset: the subject"""
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"] | None = None
    """of assets that the log does not know"""
    model: ModelName | None = None
    """the model that answers; left out: the ledger's own rule"""
    same_answer: SameAnswer | None = None
    """for the market approach by the rule: compare only with assets that have the same answer"""
    positions: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}(,[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18})*$",
            max_length=100000,
        ),
    ] = None
    """the evidence that may be used; left out: all that was published before the request"""
