"""A patent's life: filed, published, granted, ceased, restored, challenged, and what else is recorded of it.

The statuses are those of WIPO ST.27; the terms those of the Chinese Patent Law (2020) and of its implementing rules.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from schemas import identifiers
from schemas.data.common import Items, Parties, Party, Prose, Said, Statement, refuse
from schemas.money import Money
from schemas.values import CpcSymbol, Day, Decimal, IpcSymbol, Office, Region, Right, ShortText


class _Application(Said):
    @field_validator("application_number", check_fields=False)
    @classmethod
    def _is_an_application_number(cls, number: str | None, info: ValidationInfo) -> str | None:
        if number is not None and "office" in info.data:
            identifiers.application_number(info.data["office"], number)
        return number


class PatentFiling(Statement, _Application):
    """An application was filed. Its classification may not be known yet."""

    occurred_on: Day = Field(description="filing date")
    region: Region | None = Field(None, description="of the first applicant")
    office: Office
    application_number: str
    right: Right
    title: Prose | None = None
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] | None = Field(None, description="ordered; the first symbol is the primary one")
    cpc: Items[CpcSymbol] | None = None
    applicants: Parties
    inventors: Items[Party] | None = None
    family_id: ShortText | None = None


class _Document(Statement, _Application):
    occurred_on: Day
    region: Region | None = Field(None, description="of the first applicant")
    office: Office
    kind: str
    number: str
    right: Right
    title: Prose | None = None
    application_number: str | None = None
    filed_on: Day | None = None
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] = Field(description="ordered; the first symbol is the primary one")
    cpc: Items[CpcSymbol] | None = None
    applicants: Items[Party]
    family_id: ShortText | None = Field(None, description="the same for all documents of one invention")
    tags: Items[ShortText] | None = Field(None, description="declared by the producer: genai, sei, ...")
    inventors: Items[Party] | None = None

    @field_validator("number")
    @classmethod
    def _is_a_publication_number(cls, number: str, info: ValidationInfo) -> str:
        if "office" in info.data and "kind" in info.data:
            identifiers.publication_number(info.data["office"], number, info.data["kind"])
        return number


class PatentPublication(_Document):
    """An application was published: bibliographic data as of the publication."""

    occurred_on: Day = Field(description="publication date")


class PatentGrant(_Document):
    """A patent was granted: bibliographic data as of the grant announcement."""

    occurred_on: Day = Field(description="grant date")
    claims: Annotated[int, Field(ge=1, le=10_000)] | None = None
    backward_cites: Items[ShortText] | None = Field(None, description="canonical ids of the patents that it cites")


class PatentCessation(Statement):
    """A patent ceased to be in force (ST.27 category H; gazette codes CF01, CX01, AV01)."""

    occurred_on: Day = Field(description="the first day on which it is not in force")
    reason: Literal["fee", "expired", "abandoned", "surrendered", "other"]


class PatentInvalidation(Statement):
    """A patent was declared invalid, in full or in part (gazette codes IW01, IP01)."""

    extent: Literal["full", "partial"]


class PatentRestoration(Statement):
    """A patent that had ceased was restored (gazette codes RR01, RA01): it never ceased."""


class PatentChallenge(Statement):
    """Somebody asked for a patent to be declared invalid."""

    challenger: Party | None = None


class PatentUpholding(Statement):
    """All that had been asked against a patent was turned down or withdrawn."""


class PatentPreservation(Statement):
    """A court preserved a patent: it can be neither transferred nor pledged (gazette code PP01)."""

    court: ShortText | None = None


class PatentDischarge(Statement):
    """A preservation ended (gazette code PD01)."""


class TermAdjustment(Statement):
    """A patent's term was adjusted or extended (gazette codes TG01, TP01; Patent Law Art. 42)."""

    expires_on: Day = Field(description="the last day of the term as adjusted")


class FeePayment(Statement):
    """An annual fee was paid."""

    fee_year: Annotated[int, Field(ge=1, le=25)] = Field(description="year of the patent's life, from filing")
    amount: Money | None = None


class PatentAward(Statement):
    """A patent won an award."""

    award: Literal["state_science_technology", "china_patent", "other"]
    name: ShortText | None = None


class PatentTag(Statement):
    """Somebody said what a patent is about, and how they know."""

    tag: ShortText = Field(description="genai, sei, ...")
    tag_source: Literal["ipc", "declared", "model"]
    confidence: Decimal | None = Field(None, description="0 to 1, of a model")
    model_id: ShortText | None = None
    model_version: ShortText | None = None

    @model_validator(mode="after")
    def _names_its_model(self) -> PatentTag:
        if (self.tag_source == "model") != (self.model_id is not None and self.model_version is not None):
            raise refuse("model", "model_id and model_version must be given for a tag of a model, and for no other")
        return self
