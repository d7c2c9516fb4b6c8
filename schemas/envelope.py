"""The envelope of an event: the attributes of CloudEvents 1.0 around its data."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.media_types import JsonMediaType
from schemas.values import EventId, Source, Subject, Timestamp

EXTENSION_NAME = "^[a-z0-9]{1,64}$"
"""The name of an attribute (CloudEvents 1.0 section 3.1), here at most 64 characters."""

Scalar = str | bool | int | float | None
Type = TypeVar("Type", bound=str)
Data = TypeVar("Data")


class Envelope(BaseModel):
    """The attributes around every event's `data`. CloudEvents extension attributes are allowed."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, defer_build=True)
    __pydantic_extra__: dict[Annotated[str, Field(pattern=EXTENSION_NAME)], Scalar]

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    subject: Subject
    time: Timestamp | None = None
    datacontenttype: JsonMediaType | None = None
    data: Any


class Event(Envelope, Generic[Type, Data]):
    """One event of one type: `Event[Literal["ip.patent.granted.v1"], PatentGrant]`."""

    type: Type
    data: Data
