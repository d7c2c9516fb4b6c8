"""Reference data: exchange rates, populations, policies, weights of scores, and figures that others published.

Also international applications (PCT), which are counted both by origin and by receiving office.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from schemas import identifiers
from schemas.data.common import Count, EventData, EventPart, Items, OneParty, Parties, PartyList, Prose, check_order
from schemas.data.valuation import Purpose
from schemas.events import (
    ERASED,
    FX_RATE,
    MODEL_REGISTERED,
    PARTY_CONTROL,
    PCT_FILED,
    POLICY,
    POPULATION,
    PUBLISHED_FIGURE,
    WEIGHT_SET,
)
from schemas.money import CurrencyCode
from schemas.regions import check_region_on
from schemas.score import SCORE_TERMS
from schemas.values import (
    AssetRight,
    Day,
    Decimal,
    IndustryCode,
    IpcSymbol,
    KnownRegion,
    Office,
    PositiveDecimal,
    Region,
    Sha256,
    ShortText,
    SignedDecimal,
    Text,
)
from schemas.wording import InvalidValue


class PctFiling(EventData):
    """An international application was filed (Patent Cooperation Treaty, Arts. 3 and 11)."""

    occurred_on: Day = Field(description="international filing date")
    region: Region | None = Field(None, description="origin: of the first applicant")
    number: Annotated[str, AfterValidator(identifiers.pct_application_number)]
    receiving_office: Office = Field(description="WIPO ST.3; IB is the International Bureau")
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] | None = Field(None, description="the first symbol is the primary one")
    applicants: Parties
    inventors: PartyList | None = None


class FxRate(EventData):
    """An exchange rate of one source on one day: one unit of `base` costs `rate` units of `quote`."""

    occurred_on: Day = Field(description="the day of the rate")
    base: CurrencyCode
    quote: CurrencyCode
    rate: PositiveDecimal
    rate_source: ShortText = Field(description="such as ECB")

    @model_validator(mode="after")
    def _is_of_two_currencies(self) -> FxRate:
        if self.base == self.quote:
            raise InvalidValue("rate_currencies", code=self.base)
        return self


class Population(EventData):
    """The population of a region on a day, as published later."""

    occurred_on: Day = Field(description="publication date")
    region: KnownRegion
    as_of: Day = Field(description="the reference date, such as 2022-12-31")
    persons: Count
    publisher: ShortText

    @field_validator("as_of")
    @classmethod
    def _is_a_day_of_the_region(cls, as_of: date, info: ValidationInfo) -> date:
        check_region_on(info.data, as_of)
        return as_of


OF_MONEY = ("inclusive_loan", "high_value_pledge")
"""Policies whose value is an amount of money."""


class Policy(EventData):
    """A parameter set by an authority: a cap, a threshold, a definition; in force from its date on."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"policy": {"enum": list(OF_MONEY)}}},
            "then": {"required": ["currency"], "properties": {"currency": {"type": "string"}}},
            "else": {"properties": {"currency": {"type": "null"}}},
        }
    )

    occurred_on: Day = Field(description="the first day on which it applies")
    policy: Literal[
        "ltv_cap",
        "inclusive_loan",
        "high_value_pledge",
        "high_value_years",
        "remaining_term",
        "max_term",
        "haircut",
        "valuation_days",
    ]
    region: Region | None = None
    right: AssetRight | None = None
    value: Decimal = Field(
        description="ltv_cap, haircut: a ratio such as 0.25; valuation_days: days; a loan, a pledge: money; else years"
    )
    currency: CurrencyCode | None = Field(None, description="currency of a value that is money")
    anchor: Literal["filing", "grant"] | None = Field(None, description="the date from which years are counted")
    valid_to: Day | None = Field(None, description="the last day on which it applies")
    issuer: ShortText | None = None

    @model_validator(mode="after")
    def _has_its_unit(self) -> Policy:
        check_order(self, "occurred_on", "valid_to")
        if (self.policy in OF_MONEY) != (self.currency is not None):
            raise InvalidValue("policy_currency", policies=" and ".join(OF_MONEY))
        return self


_MEASURES = {
    "pledges": "registrations in the period",
    "pledge_amount": "secured amount as registered in the period",
    "pledge_mean": "pledge_amount divided by the number of registrations with an amount",
    "pledge_stock": "secured amount in force on the day; without a currency the number of pledges in force",
    "pledge_cancellations": "pledges cancelled in the period",
    "assignments": "assignments and mergers recorded in the period; one conveyance of several rights counts once",
    "filings": "patent applications filed in the period",
    "grants": "patents granted in the period",
    "in_force": "patents in force on the day",
    "in_force_per_10k": "patents in force on the day per 10,000 residents",
    "high_value": "high-value inventions in force on the day",
    "high_value_share": "percentage of the inventions in force on the day that are high-value",
    "high_value_per_10k": "high-value inventions in force on the day per 10,000 residents",
    "pct_filings": "international applications of the period by origin, the region of the first applicant",
    "pct_received": "international applications of the period by receiving office; the region is the office's country",
    "trademarks": "trademarks registered and valid on the day",
    "trademark_filings": "trademark applications filed in the period; an application in several classes counts once",
    "trademark_registrations": "trademarks registered in the period; a mark in several classes counts once",
    "genai_families": "generative AI families first published in the period; the region is an inventor's country",
    "genai_share": "percentage of the genai_families of the ten years up to the period's last day that fall in it",
    "valuations": "sum of the middle values of valuations completed in the period",
    "population": "residents on the day",
}
_COMPARED = {
    "growth": "percentage change from the same period (of a stock: the same day) of the year before",
    "change": "difference from the same period (of a stock: the same day) of the year before, in units or points",
    "multiple": "ratio to the value of ten years before",
}
METRICS = {
    **_MEASURES,
    **{
        f"{measure}_{compared}": f"{of}: {meaning}"
        for compared, meaning in _COMPARED.items()
        for measure, of in _MEASURES.items()
    },
}
"""Metric of a published figure -> its meaning."""


DocumentKind = Annotated[str, StringConstraints(pattern="^[A-Z][0-9]?$")]
"""The code of a kind of patent document (WIPO ST.16): a letter, and a digit where the office uses one."""
Bound = Literal["above", "at_least", "below", "at_most", "nearly"]
Rounding = Annotated[Literal["half_up", "down"] | None, AfterValidator(lambda rounding: rounding or "half_up")]
"""The rounding of a figure to its last digit; null means the default, as everywhere."""


class PublishedFigure(EventData):
    """A figure as printed by a publisher, and what it measures."""

    occurred_on: Day = Field(description="publication date")
    figure: Text = Field(description="its name where it was printed")
    metric: Literal[tuple(METRICS)]  # type: ignore[valid-type]
    region: KnownRegion | None = Field(
        None, description="a country includes its subdivisions (CN-HK, CN-MO, CN-TW are not CN); omitted: worldwide"
    )
    right: AssetRight | None = Field(None, description="omitted: all rights")
    rights: Items[AssetRight] | None = Field(
        None,
        description="for a figure of several rights, such as patents and trademarks; includes mixed pools",
    )
    industry: IndustryCode | None = None
    office: Office | None = Field(
        None,
        description="the office whose register or gazette is counted (a ledger may hold a part of it); omitted: any",
    )
    kinds: Annotated[Items[DocumentKind], Field(min_length=1)] | None = Field(
        None, description="kinds of documents counted (WIPO ST.16): US utility patents are B1 and B2"
    )
    scope: Text | None = Field(
        None,
        description="a further restriction that a ledger cannot apply, such as non-residents, a field of technology, "
        "a fractional count by inventors; such a figure is not compared",
    )
    purpose: Purpose | None = Field(None, description="of valuations")
    period_from: Day | None = Field(None, description="the first day of a flow's period")
    period_to: Day = Field(description="the last day of a flow's period, the day of a stock")
    value: SignedDecimal = Field(description="in units (persons, yuan); in percent for growth and shares")
    precision: PositiveDecimal | None = Field(
        None,
        description="the unit to which the figure was rounded: 1000000000 for 23 bn; omitted where it is not known, as "
        "for 241400, which may be a count or hundreds",
    )
    rounding: Rounding = Field("half_up", description="`down` for figures that were cut off; default `half_up`")
    bound: Bound | None = Field(
        None, description="for a figure that is a bound: above (`more than`, `over`), nearly (a little below), ..."
    )
    currency: CurrencyCode | None = Field(None, description="currency of the amounts; omitted: the only one")
    converted_to: CurrencyCode | None = Field(None, description="currency of the value, if converted")
    fx_source: ShortText | None = Field(
        None, description="source of the conversion rate, such as ECB; required if there are several"
    )
    fx_on: Day | None = Field(None, description="the day of that rate; default: the publication date")
    publisher: ShortText
    document: Text | None = Field(None, description="the document: a title, an address")

    @field_validator("period_to")
    @classmethod
    def _is_a_day_of_the_region(cls, period_to: date, info: ValidationInfo) -> date:
        check_region_on(info.data, period_to)
        return period_to

    @model_validator(mode="after")
    def _has_a_period(self) -> PublishedFigure:
        check_order(self, "period_from", "period_to")
        return self


Weight = Annotated[int, Field(ge=1, le=1_000_000)]


class TermWeights(EventPart):
    """Relative weights of the terms; an omitted term has none. A score divides by their sum."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [term]} for term in SCORE_TERMS]})

    remaining_term: Weight | None = None
    claims: Weight | None = None
    survived: Weight | None = None
    scope: Weight | None = None
    backward_cites: Weight | None = None
    forward_cites: Weight | None = None
    family_offices: Weight | None = None
    grant_lag: Weight | None = None
    generality: Weight | None = None
    renewals: Weight | None = None
    priced_deals: Weight | None = None
    award: Weight | None = None

    @model_validator(mode="after")
    def _weighs_something(self) -> TermWeights:
        if all(getattr(self, term) is None for term in SCORE_TERMS):
            raise InvalidValue("no_change", fields=", ".join(SCORE_TERMS))
        return self


class WeightSet(EventData):
    """Published weights for the scores of patents, with their purpose."""

    occurred_on: Day = Field(description="the first day on which it applies")
    name: ShortText = Field(description="such as oecd-composite-4; a set of the same name replaces it")
    purpose: Text = Field(description="the use that the publisher made the weights for")
    weights: TermWeights
    valid_to: Day | None = Field(None, description="the last day on which it applies")
    publisher: ShortText
    document: Text | None = Field(None, description="the document: a title, an address")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> WeightSet:
        check_order(self, "occurred_on", "valid_to")
        return self


class ModelRegistration(EventData):
    """A model of valuations is registered: who answers for it, what it is for, and where it must not be used."""

    occurred_on: Day = Field(description="the first day on which it may be used")
    model_id: ShortText
    model_version: ShortText
    model_hash: Sha256 | None = None
    owner: ShortText = Field(description="who answers for it")
    purpose: Text
    limits: Text | None = Field(None, description="what it must not be used for")
    valid_to: Day | None = Field(None, description="the last day on which it may be used")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> ModelRegistration:
        check_order(self, "occurred_on", "valid_to")
        return self


class PartyControl(EventData):
    """One party controls another one, so that both belong to one group."""

    occurred_on: Day = Field(description="the first day on which it holds")
    party: OneParty = Field(description="the controlled party, with the id that pledges and loans give it")
    parent: OneParty = Field(description="the party that controls it, at the next level")
    valid_to: Day | None = Field(None, description="the last day on which it holds")
    document: Text | None = Field(None, description="the document: a register, an annual report")

    @model_validator(mode="after")
    def _is_of_two_parties(self) -> PartyControl:
        check_order(self, "occurred_on", "valid_to")
        if (self.party.id or self.party.name) == (self.parent.id or self.parent.name):
            raise InvalidValue("control_parties", party=self.party.id or self.party.name)
        return self


class ErasedRecord(EventPart):
    """A record whose names of persons are erased: its place in the log, and the hash of its bytes there."""

    topic: ShortText = Field(description="without an installation's prefix")
    partition: Annotated[int, Field(ge=0, le=9999)]
    offset: Count
    value_hash: Sha256 = Field(description="as in the journal")


class Erasure(EventData):
    """Names of persons are erased from archive and topic, as a law demands. What the records count stays."""

    occurred_on: Day = Field(description="the day of the decision")
    law: ShortText = Field(description="such as GDPR Art. 17(1)(b)")
    decided_by: ShortText | None = None
    reason: Prose
    records: Annotated[Items[ErasedRecord], Field(min_length=1, max_length=1000)]


MODELS: Final[dict[int, type[EventData]]] = {
    PCT_FILED: PctFiling,
    FX_RATE: FxRate,
    POPULATION: Population,
    POLICY: Policy,
    PUBLISHED_FIGURE: PublishedFigure,
    WEIGHT_SET: WeightSet,
    MODEL_REGISTERED: ModelRegistration,
    PARTY_CONTROL: PartyControl,
    ERASED: Erasure,
}
"""Number of an original type -> the model of its data."""
