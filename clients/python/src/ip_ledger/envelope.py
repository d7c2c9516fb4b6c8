"""An event: the attributes of CloudEvents 1.0 around its data."""

from __future__ import annotations

import json
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from ip_ledger.base import Model
from ip_ledger.events import MODELS

Data = TypeVar("Data", bound=Model)


class UnknownType(ValueError):
    """The type is not one of an event, or not one of this version of the client."""


class Voiding(Model):
    """Voids an earlier event that should never have been sent."""

    target: str
    """id of the original event, of the same type, subject and source"""
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class Correction(Model, Generic[Data]):
    """Replaces the data of an earlier event."""

    target: str
    """id of the original event, of the same type, subject and source"""
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    data: Data


class Event(BaseModel, Generic[Data]):
    """An event. Extension attributes are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(min_length=1, max_length=64)]
    """yours, such as a UUID; an event that is sent again has the same"""
    source: Annotated[str, Field(min_length=1, max_length=256)]
    """who publishes it, a URI reference; the same for all programs of an office"""
    type: str
    subject: Annotated[str, Field(min_length=1, max_length=128)]
    """the entity that it is about"""
    time: str | None = None
    datacontenttype: str | None = None
    data: Data

    def to_bytes(self) -> bytes:
        """Return the event as JSON, without fields that are None."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), ensure_ascii=False).encode()


class _Typed(BaseModel):
    type: str


def event_of(data: Data, *, id: str, source: str, subject: str, time: str | None = None) -> Event[Data]:  # noqa: A002
    """Return the event with this data, of the type that belongs to it. Raise UnknownType."""
    name = getattr(data, "TYPE", None)
    if name is None:
        raise UnknownType(f"{type(data).__name__} is a part of events, and not the data of one.")
    return _made(data, id=id, source=source, subject=subject, time=time, type=name)


def correction_of(event: Event[Data], data: Data, *, id: str, reason: str) -> Event[Correction[Data]]:  # noqa: A002
    """Return the event that replaces the data of an original event."""
    kind: Any = Correction[type(data)]  # type: ignore[misc]
    correction: Correction[Data] = kind(target=event.id, reason=reason, data=data)
    return _made(correction, id=id, **_revision(event, "corrected"))


def void_of(event: Event[Any], *, id: str, reason: str) -> Event[Voiding]:  # noqa: A002
    """Return the event that voids an original event."""
    return _made(Voiding(target=event.id, reason=reason), id=id, **_revision(event, "voided"))


def parse(value: bytes | str) -> Event[Any]:
    """Return an event that is written as JSON. Raise UnknownType, or pydantic's ValidationError."""
    name = _Typed.model_validate_json(value).type
    stem, _, version = name.rpartition(".")
    original, _, role = stem.rpartition(".")
    kind: Any = MODELS.get(name)
    if kind is None and (corrected := MODELS.get(f"{original}.{version}")):
        kind = {"corrected": Correction[corrected], "voided": Voiding}.get(role)  # type: ignore[valid-type]
    if kind is None:
        raise UnknownType(f"This version of the client does not know the type {name!r}.")
    made: Event[Any] = Event[kind].model_validate_json(value)
    return made


def _made(data: Data, **attributes: Any) -> Event[Data]:
    kind: Any = Event[type(data)]  # type: ignore[misc]
    made: Event[Data] = kind(data=data, **attributes)
    return made


def _revision(event: Event[Any], role: str) -> dict[str, str]:
    if event.type not in MODELS:
        raise UnknownType(f"{event.type} is not the type of an original event: correct or void the original.")
    stem, _, version = event.type.rpartition(".")
    return {"type": f"{stem}.{role}.{version}", "source": event.source, "subject": event.subject}
