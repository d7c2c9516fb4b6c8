"""The catalogue: every type of event, its number, its topic and its model.

An event is a CloudEvents 1.0 event (CNCF; JSON format 1.0.2, structured mode) whose `data` is one of the models of
`schemas.data`. Each original type has two follow-ups, `.corrected` and `.voided`. Numbers are constants for life:
the book keeps them instead of names.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.data import (
    Correction,
    PatentGrant,
    PledgeCancellation,
    PledgeModification,
    PledgeRegistration,
    Said,
    Voiding,
)
from schemas.values import EventId, Source, Subject, Timestamp

EXTENSION_NAME = "^[a-z0-9]{1,64}$"
"""The name of an attribute (CloudEvents 1.0 section 3.1), here at most 64 characters."""

Scalar = str | bool | int | float | None
Type = TypeVar("Type", bound=str)
Data = TypeVar("Data")


class Envelope(BaseModel):
    """The attributes around every event's `data`; CloudEvents extension attributes are let through."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[Annotated[str, Field(pattern=EXTENSION_NAME)], Scalar]

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    subject: Subject
    time: Timestamp
    datacontenttype: Literal["application/json"] | None = None
    data: Any


class Event(Envelope, Generic[Type, Data]):
    """One event of one type: `Event[Literal["ip.patent.granted.v1"], PatentGrant]`."""

    type: Type
    data: Data


class Role(IntEnum):
    """What an event does to the entity's history; the last digit of its type's number."""

    ORIGINAL = 0
    CORRECTED = 1
    VOIDED = 2


class EventType(NamedTuple):
    """One row of the catalogue. `family` is the number of the original type, shared by its follow-ups."""

    name: str
    number: int
    topic: str
    model: type[Event[Any, Any]]
    family: int
    role: Role


def _family(stem: str, version: str, number: int, data: type[Said]) -> list[EventType]:
    topic = f"{stem.rpartition('.')[0]}.{version}"
    bodies: list[tuple[Role, str, Any]] = [
        (Role.ORIGINAL, f"{stem}.{version}", data),
        (Role.CORRECTED, f"{stem}.corrected.{version}", Correction[data]),  # type: ignore[valid-type]
        (Role.VOIDED, f"{stem}.voided.{version}", Voiding),
    ]
    return [
        EventType(name, number + role, topic, Event[Literal[name], body], number, role)  # type: ignore[valid-type]
        for role, name, body in bodies
    ]


GRANTED, REGISTERED, MODIFIED, CANCELLED = 10, 20, 30, 40
"""Numbers of the original types."""

EVENT_TYPES: dict[str, EventType] = {
    event_type.name: event_type
    for family in (
        _family("ip.patent.granted", "v1", GRANTED, PatentGrant),
        _family("ip.pledge.registered", "v1", REGISTERED, PledgeRegistration),
        _family("ip.pledge.modified", "v1", MODIFIED, PledgeModification),
        _family("ip.pledge.cancelled", "v1", CANCELLED, PledgeCancellation),
    )
    for event_type in family
}
