"""Shared parts of event data: arrays, parties, the fields of every event, corrections and voids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from schemas import identifiers
from schemas.regions import TODAY, check_former
from schemas.values import Country, Day, EventId, ShortText, Text
from schemas.wording import InvalidValue

_Item = TypeVar("_Item")
Items = Annotated[tuple[_Item, ...], Field(strict=False, fail_fast=True)]
"""An array. Validation stops at the first bad item, so a megabyte of bad items costs no more than one."""


class NotStored:
    """Marks a field that no figure needs: the journal does not store it."""


Prose = Annotated[Text, NotStored()]
"""A reason or a note, for people; not stored."""
PartyId = Annotated[ShortText, AfterValidator(identifiers.party_id)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
BasisPoints = Annotated[int, Field(ge=0, le=100_000)]
"""Hundredths of a percent."""


class EventPart(BaseModel):
    """Any object inside an event. It rejects unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EventData(EventPart):
    """The data of an original event. `occurred_on` dates it; it never orders events."""

    occurred_on: Day = Field(description="business date, local to the office")
    source_code: ShortText | None = Field(
        None, description="the office's own code of the event, such as PE01; docs/office-codes.md"
    )


class Party(EventPart):
    """A person or firm: applicant, pledgor, pledgee, debtor."""

    name: Text
    country: Country | None = None
    id: PartyId | None = Field(None, description="USCC (GB 32100), LEI (ISO 17442) or the producer's own id")


def _check_countries(parties: tuple[Party, ...], info: ValidationInfo) -> tuple[Party, ...]:
    for party in parties:
        if party.country is not None and party.country not in TODAY:
            check_former(party.country, (info.data or {}).get("occurred_on"))
    return parties


def _check_country(party: Party, info: ValidationInfo) -> Party:
    _check_countries((party,), info)
    return party


OneParty = Annotated[Party, AfterValidator(_check_country)]
PartyList = Annotated[Items[Party], AfterValidator(_check_countries)]
"""Parties whose countries are those of ISO 3166-1 on the day of the event. The list is checked, as a party alone has no
day."""
Parties = Annotated[Items[Party], Field(min_length=1), AfterValidator(_check_countries)]
KnownParties = Annotated[PartyList, Field(description="empty where the register does not name them")]


def check_once(what: str, named: Sequence[str | int]) -> None:
    """Raise InvalidValue if a name occurs twice."""
    name, times = Counter(named).most_common(1)[0]
    if times > 1:
        raise InvalidValue("twice", what=what, name=name)


def check_order(part: EventPart, first: str, last: str) -> None:
    """Raise InvalidValue if `last` is earlier than `first`. Nothing to check if either is missing."""
    begin, end = getattr(part, first), getattr(part, last)
    if begin is not None and end is not None and end < begin:
        raise InvalidValue("order", first=first, begin=begin.isoformat(), last=last, end=end.isoformat())


Replacement = TypeVar("Replacement", bound=EventData)


class Correction(EventPart, Generic[Replacement]):
    """Corrects an earlier event: `data` replaces its data in full, at the original's place in the log."""

    target: EventId = Field(description="id of the original event, of the same type, subject and source")
    reason: Text
    data: Replacement


class Voiding(EventPart):
    """Voids an earlier event that should never have been sent."""

    target: EventId = Field(description="id of the original event, of the same type, subject and source")
    reason: Text
