"""The data of the events: what a grant, a pledge and its changes say. Frozen, strict, unknown fields refused."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas import identifiers
from schemas.money import Money
from schemas.values import (
    AmountStatus,
    Country,
    CpcSymbol,
    Day,
    EventId,
    IpcSymbol,
    Office,
    Region,
    RegistrationNo,
    Right,
    ShortText,
    Text,
)

Item = TypeVar("Item")
Items = Annotated[tuple[Item, ...], Field(strict=False, fail_fast=True)]
"""An array. The first bad item is enough to refuse it, so a megabyte of bad items costs no more than one."""


class Said(BaseModel):
    """What every kind of data shares: the business date, and that nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


PartyId = Annotated[ShortText, AfterValidator(identifiers.party_id)]


class Party(Said):
    """A person or firm: applicant, pledgor, pledgee, debtor."""

    name: Text
    country: Country | None = None
    id: PartyId | None = Field(None, description="USCC (GB 32100), LEI (ISO 17442) or the producer's own id")


class Asset(Said):
    """One right in a pledged pool."""

    id: ShortText
    right: Right
    ipc: Items[IpcSymbol] | None = Field(None, description="the first symbol is the primary one")
    appraised: Money | None = None


class PatentGrant(Said):
    """A patent was granted: bibliographic data as of the grant announcement."""

    occurred_on: Day = Field(description="grant date")
    region: Region | None = Field(None, description="of the first applicant")
    office: Office
    kind: str
    number: str
    right: Right
    title: Text | None = None
    application_number: str | None = None
    filed_on: Day | None = None
    priority_on: Day | None = None
    ipc: Items[IpcSymbol] = Field(description="ordered; the first symbol is the primary one")
    cpc: Items[CpcSymbol] | None = None
    applicants: Items[Party]
    family_id: ShortText | None = None
    tags: Items[ShortText] | None = None

    @field_validator("number")
    @classmethod
    def _is_a_publication_number(cls, number: str, info: ValidationInfo) -> str:
        if "office" in info.data and "kind" in info.data:
            identifiers.publication_number(info.data["office"], number, info.data["kind"])
        return number

    @field_validator("application_number")
    @classmethod
    def _is_an_application_number(cls, number: str | None, info: ValidationInfo) -> str | None:
        if number is not None and "office" in info.data:
            identifiers.application_number(info.data["office"], number)
        return number


class PledgeRegistration(Said):
    """A pledge was registered; it exists from its registration (CNIPA Announcement 461 of 2021, Art. 3)."""

    occurred_on: Day = Field(description="registration date")
    region: Region | None = Field(None, description="of the first pledgor")
    registration_no: RegistrationNo
    deal_id: ShortText | None = None
    pledgors: Annotated[Items[Party], Field(min_length=1)]
    pledgees: Annotated[Items[Party], Field(min_length=1)]
    debtor: Party | None = None
    assets: Annotated[Items[Asset], Field(min_length=1, max_length=5000)]
    secured: Money | None = Field(None, description="the registered secured debt; left out where undisclosed")
    amount_status: AmountStatus
    debt_from: Day | None = None
    debt_to: Day | None = None


class PledgeModification(Said):
    """A registered pledge was changed by law, from the change's own date on (gazette code PM01)."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [name]} for name in ("secured", "pledgees", "debt_to")]}
    )

    occurred_on: Day = Field(description="date of the change")
    registration_no: RegistrationNo
    secured: Money | None = None
    pledgees: Annotated[Items[Party], Field(min_length=1)] | None = None
    debt_to: Day | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> PledgeModification:
        if self.secured is None and self.pledgees is None and self.debt_to is None:
            raise PydanticCustomError("no_change", "at least one of secured, pledgees, debt_to must be given")
        return self


class PledgeCancellation(Said):
    """A registered pledge was cancelled (gazette code PC01)."""

    occurred_on: Day = Field(description="date of the cancellation")
    registration_no: RegistrationNo
    reason: Text | None = None


Replacement = TypeVar("Replacement", bound=Said)


class Correction(Said, Generic[Replacement]):
    """An earlier event was wrong: `data` takes its place in full, at the original place in the log."""

    target: EventId = Field(description="id of the original event, of the same type, subject and source")
    reason: Text
    data: Replacement


class Voiding(Said):
    """An earlier event should never have been said; it is taken out."""

    target: EventId = Field(description="id of the original event, of the same type, subject and source")
    reason: Text
