"""Data of the events `ip.reference.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Party


class PartyControl(Model):
    """One party controls another one, so that both belong to one group."""

    TYPE: ClassVar[str] = "ip.reference.control.v1"

    occurred_on: date
    """the first day on which it holds"""
    party: Party
    """the controlled party, with the id that pledges and loans give it"""
    parent: Party
    """the party that controls it, at the next level"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    valid_to: date | None = None
    """the last day on which it holds"""
    document: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """the document: a register, an annual report"""


class ErasedRecord(Model):
    """A record whose names of persons are erased: its place in the log, and the hash of its bytes there."""

    topic: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """without an installation's prefix"""
    partition: Annotated[int, Field(ge=0, le=9999)]
    offset: Annotated[int, Field(ge=0, le=1000000000000)]
    value_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """as in the journal"""


class Erasure(Model):
    """Names of persons are erased from archive and topic, as a law demands. What the records count stays."""

    TYPE: ClassVar[str] = "ip.reference.erased.v1"

    occurred_on: date
    """the day of the decision"""
    law: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """such as GDPR Art. 17(1)(b)"""
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    records: Annotated[list[ErasedRecord], Field(min_length=1, max_length=1000)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    decided_by: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class FxRate(Model):
    """An exchange rate of one source on one day: one unit of `base` costs `rate` units of `quote`."""

    TYPE: ClassVar[str] = "ip.reference.fx_rate.v1"

    occurred_on: date
    """the day of the rate"""
    base: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    quote: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    rate: Annotated[str, Field(pattern=r"^[0-9]{1,18}(\.[0-9]{1,12})?$")]
    rate_source: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """such as ECB"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class ModelRegistration(Model):
    """A model of valuations is registered: who answers for it, what it is for, and where it must not be used."""

    TYPE: ClassVar[str] = "ip.reference.model.v1"

    occurred_on: date
    """the first day on which it may be used"""
    model_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    model_version: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    owner: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """who answers for it"""
    purpose: Annotated[str, Field(min_length=1, max_length=2000)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    model_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    limits: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """what it must not be used for"""
    valid_to: date | None = None
    """the last day on which it may be used"""


class Policy(Model):
    """A parameter set by an authority: a cap, a threshold, a definition; in force from its date on."""

    TYPE: ClassVar[str] = "ip.reference.policy.v1"

    occurred_on: date
    """the first day on which it applies"""
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
    value: Annotated[str, Field(pattern=r"^[0-9]{1,18}(\.[0-9]{1,12})?$")]
    """ltv_cap, haircut: a ratio such as 0.25; valuation_days: days; a loan, a pledge: money; else years"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"] | None = None
    currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    """currency of a value that is money"""
    anchor: Literal["filing", "grant"] | None = None
    """the date from which years are counted"""
    valid_to: date | None = None
    """the last day on which it applies"""
    issuer: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None


class Population(Model):
    """The population of a region on a day, as published later."""

    TYPE: ClassVar[str] = "ip.reference.population.v1"

    occurred_on: date
    """publication date"""
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    as_of: date
    """the reference date, such as 2022-12-31"""
    persons: Annotated[int, Field(ge=0, le=1000000000000)]
    publisher: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PublishedFigure(Model):
    """A figure as printed by a publisher, and what it measures."""

    TYPE: ClassVar[str] = "ip.reference.published_figure.v1"

    occurred_on: date
    """publication date"""
    figure: Annotated[str, Field(min_length=1, max_length=2000)]
    """its name where it was printed"""
    metric: Literal[
        "pledges",
        "pledge_amount",
        "pledge_mean",
        "pledge_stock",
        "pledge_cancellations",
        "assignments",
        "filings",
        "grants",
        "in_force",
        "in_force_per_10k",
        "high_value",
        "high_value_share",
        "high_value_per_10k",
        "pct_filings",
        "pct_received",
        "trademarks",
        "trademark_filings",
        "trademark_registrations",
        "genai_families",
        "genai_share",
        "valuations",
        "population",
        "pledges_growth",
        "pledge_amount_growth",
        "pledge_mean_growth",
        "pledge_stock_growth",
        "pledge_cancellations_growth",
        "assignments_growth",
        "filings_growth",
        "grants_growth",
        "in_force_growth",
        "in_force_per_10k_growth",
        "high_value_growth",
        "high_value_share_growth",
        "high_value_per_10k_growth",
        "pct_filings_growth",
        "pct_received_growth",
        "trademarks_growth",
        "trademark_filings_growth",
        "trademark_registrations_growth",
        "genai_families_growth",
        "genai_share_growth",
        "valuations_growth",
        "population_growth",
        "pledges_change",
        "pledge_amount_change",
        "pledge_mean_change",
        "pledge_stock_change",
        "pledge_cancellations_change",
        "assignments_change",
        "filings_change",
        "grants_change",
        "in_force_change",
        "in_force_per_10k_change",
        "high_value_change",
        "high_value_share_change",
        "high_value_per_10k_change",
        "pct_filings_change",
        "pct_received_change",
        "trademarks_change",
        "trademark_filings_change",
        "trademark_registrations_change",
        "genai_families_change",
        "genai_share_change",
        "valuations_change",
        "population_change",
        "pledges_multiple",
        "pledge_amount_multiple",
        "pledge_mean_multiple",
        "pledge_stock_multiple",
        "pledge_cancellations_multiple",
        "assignments_multiple",
        "filings_multiple",
        "grants_multiple",
        "in_force_multiple",
        "in_force_per_10k_multiple",
        "high_value_multiple",
        "high_value_share_multiple",
        "high_value_per_10k_multiple",
        "pct_filings_multiple",
        "pct_received_multiple",
        "trademarks_multiple",
        "trademark_filings_multiple",
        "trademark_registrations_multiple",
        "genai_families_multiple",
        "genai_share_multiple",
        "valuations_multiple",
        "population_multiple",
    ]
    period_to: date
    """the last day of a flow's period, the day of a stock"""
    value: Annotated[str, Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$")]
    """in units (persons, yuan); in percent for growth and shares"""
    publisher: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """a country includes its subdivisions (CN-HK, CN-MO, CN-TW are not CN); omitted: worldwide"""
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"] | None = None
    """omitted: all rights"""
    rights: list[Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"]] | None = None
    """for a figure of several rights, such as patents and trademarks; includes mixed pools"""
    industry: (
        Literal[
            "ALL",
            "BIOPHARM",
            "MEDDEV",
            "AI",
            "ICT",
            "SEMI",
            "ADVMFG",
            "TRANSPORT",
            "NEWENERGY",
            "MATERIALS",
            "CHEM",
            "ENV",
            "INSTR",
            "AGRIFOOD",
            "OTHER",
            "UNK",
        ]
        | None
    ) = None
    office: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None
    """the office whose register or gazette is counted (a ledger may hold a part of it); omitted: any"""
    kinds: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z][0-9]?$")]] | None, Field(min_length=1)] = None
    """kinds of documents counted (WIPO ST.16): US utility patents are B1 and B2"""
    scope: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """a further restriction that a ledger cannot apply, such as non-residents, a field of technology, a fractional count by inventors; such a figure is not compared"""
    purpose: (
        Literal[
            "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
        ]
        | None
    ) = None
    """of valuations"""
    period_from: date | None = None
    """the first day of a flow's period"""
    precision: Annotated[str | None, Field(pattern=r"^[0-9]{1,18}(\.[0-9]{1,12})?$")] = None
    """the unit to which the figure was rounded: 1000000000 for 23 bn; omitted where it is not known, as for 241400, which may be a count or hundreds"""
    rounding: Literal["half_up", "down"] | None = None
    """`down` for figures that were cut off; default `half_up`"""
    bound: Literal["above", "at_least", "below", "at_most", "nearly"] | None = None
    """for a figure that is a bound: above (`more than`, `over`), nearly (a little below), ..."""
    currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    """currency of the amounts; omitted: the only one"""
    converted_to: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    """currency of the value, if converted"""
    fx_source: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """source of the conversion rate, such as ECB; required if there are several"""
    fx_on: date | None = None
    """the day of that rate; default: the publication date"""
    document: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """the document: a title, an address"""


class TermWeights(Model):
    """Relative weights of the terms; an omitted term has none. A score divides by their sum."""

    remaining_term: Annotated[int | None, Field(ge=1, le=1000000)] = None
    claims: Annotated[int | None, Field(ge=1, le=1000000)] = None
    survived: Annotated[int | None, Field(ge=1, le=1000000)] = None
    scope: Annotated[int | None, Field(ge=1, le=1000000)] = None
    backward_cites: Annotated[int | None, Field(ge=1, le=1000000)] = None
    forward_cites: Annotated[int | None, Field(ge=1, le=1000000)] = None
    family_offices: Annotated[int | None, Field(ge=1, le=1000000)] = None
    grant_lag: Annotated[int | None, Field(ge=1, le=1000000)] = None
    generality: Annotated[int | None, Field(ge=1, le=1000000)] = None
    renewals: Annotated[int | None, Field(ge=1, le=1000000)] = None
    priced_deals: Annotated[int | None, Field(ge=1, le=1000000)] = None
    award: Annotated[int | None, Field(ge=1, le=1000000)] = None


class WeightSet(Model):
    """Published weights for the scores of patents, with their purpose."""

    TYPE: ClassVar[str] = "ip.reference.weight_set.v1"

    occurred_on: date
    """the first day on which it applies"""
    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """such as oecd-composite-4; a set of the same name replaces it"""
    purpose: Annotated[str, Field(min_length=1, max_length=2000)]
    """the use that the publisher made the weights for"""
    weights: TermWeights
    publisher: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    valid_to: date | None = None
    """the last day on which it applies"""
    document: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    """the document: a title, an address"""
