"""What figures are measured with: exchange rates, populations, policies; and figures that others published.

Also international applications (PCT), which are counted twice over: by origin and by receiving office.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from schemas import identifiers
from schemas.data.common import Count, Items, Parties, Party, Statement, refuse
from schemas.money import CurrencyCode
from schemas.values import (
    AssetRight,
    Day,
    Decimal,
    IndustryCode,
    IpcSymbol,
    Office,
    Region,
    ShortText,
    SignedDecimal,
    Text,
)


class PctFiling(Statement):
    """An international application was filed (Patent Cooperation Treaty, Art. 3)."""

    occurred_on: Day = Field(description="international filing date")
    region: Region | None = Field(None, description="origin: of the first applicant")
    number: Annotated[str, AfterValidator(identifiers.pct_application_number)]
    receiving_office: Office
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] | None = Field(None, description="the first symbol is the primary one")
    applicants: Parties
    inventors: Items[Party] | None = None


class FxRate(Statement):
    """An exchange rate: so many units of `quote` are one unit of `base`, by one source, on one day."""

    occurred_on: Day = Field(description="the day of the rate")
    base: CurrencyCode
    quote: CurrencyCode
    rate: Decimal
    rate_source: ShortText = Field(description="such as ECB")


class Population(Statement):
    """How many people lived in a region on a day, as published later."""

    occurred_on: Day = Field(description="publication date")
    region: Region
    as_of: Day = Field(description="the day that is counted, such as 2022-12-31")
    persons: Count
    publisher: ShortText


class Policy(Statement):
    """A parameter that somebody set: a cap, a threshold, a definition; in force from its date on."""

    occurred_on: Day = Field(description="the first day on which it holds")
    policy: Literal["ltv_cap", "inclusive_loan", "high_value_pledge", "high_value_years", "remaining_term", "max_term"]
    region: Region | None = None
    right: AssetRight | None = None
    value: Decimal
    currency: CurrencyCode | None = None
    anchor: Literal["filing", "grant"] | None = Field(None, description="from when years are counted")
    valid_to: Day | None = Field(None, description="the last day on which it holds")
    issuer: ShortText | None = None


METRICS = (
    "pledges",
    "pledge_amount",
    "pledge_mean",
    "pledges_growth",
    "pledge_amount_growth",
    "pledge_stock",
    "grants",
    "grants_growth",
    "in_force",
    "in_force_growth",
    "high_value",
    "high_value_share",
    "high_value_growth",
    "high_value_per_10k",
    "in_force_per_10k",
    "pct_filings",
    "pct_filings_growth",
    "trademarks",
    "trademarks_growth",
    "genai_families",
    "genai_share",
    "valuations",
    "population",
)


class PublishedFigure(Statement):
    """A figure as somebody printed it, and what it is a figure of."""

    occurred_on: Day = Field(description="publication date")
    figure: Text = Field(description="what it is called where it was printed")
    metric: Literal[METRICS]  # type: ignore[valid-type]
    region: Region | None = None
    right: AssetRight | None = None
    industry: IndustryCode | None = None
    period_from: Day | None = Field(None, description="the first day of a flow's period")
    period_to: Day = Field(description="the last day of a flow's period, the day of a stock")
    value: SignedDecimal = Field(description="in units: persons, yuan; percent for growth and shares")
    precision: Decimal = Field(description="the unit of the last digit that was printed: 1000000000 for 23 bn")
    currency: CurrencyCode | None = None
    converted_to: CurrencyCode | None = None
    publisher: ShortText
    document: Text | None = None

    @model_validator(mode="after")
    def _has_a_period(self) -> PublishedFigure:
        if self.period_from is not None and self.period_from > self.period_to:
            raise refuse("period", "period_from must not be after period_to")
        return self
