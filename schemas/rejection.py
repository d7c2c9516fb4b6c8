"""The records of `ip.rejection.v1`: one for each record of the log that a book rejected.

They follow from the log alone: the same rejected record gives the same bytes, whoever sends it and however often. Only
the wording of `message` may change in a later version.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from schemas.wording import arguments_of, message_of


class Rejection(BaseModel):
    """One rejected record of the log, or one record batch that cannot be read. Fields may be added."""

    model_config = ConfigDict(frozen=True)

    topic: str = Field(description="name of its topic, without the installation's prefix")
    partition: int = Field(ge=0, description="partition of that topic")
    offset: int = Field(ge=0, description="its offset; for an unreadable batch the first one")
    offsets: int = Field(ge=1, description="1; for an unreadable batch its number of offsets")
    outcome: Literal["rejected", "conflict"] = Field(
        description="rejected: it breaks a rule; conflict: its id already has an event with other content"
    )
    rule: str = Field(description="the first rule that it breaks, such as bad_data; conflict for a conflict")
    path: str = Field(description="where in the event, such as data.secured.amount; empty for the whole event")
    message: str = Field(description="value and rule, for people; the wording may change in a later version")
    reason: str = Field(description="the reason as a code, for programs: codes and argument names never change")
    arguments: dict[str, str | int] = Field(description="the values in the message; long ones are cut")
    id: str | None = Field(None, description="the event's id; null if unreadable")
    source: str | None = Field(None, description="the event's source, and this record's Kafka key; null if unreadable")
    subject: str | None = Field(None, description="the entity; null if unreadable")
    key: str | None = Field(None, description="the record's Kafka key, its first 65,536 bytes; null if it has none")
    key_base64: str | None = Field(None, description="replaces key if that is not UTF-8")

    @property
    def place(self) -> str:
        """The place of the record, by which a consumer recognises a repeated rejection."""
        return f"{self.topic}:{self.partition}={self.offset}"

    def value(self) -> bytes:
        """Return the value of its record: JSON of every field, `key_base64` only if set."""
        return orjson.dumps(self.model_dump(exclude=None if self.key_base64 else {"key_base64"}))

    def record(self) -> tuple[bytes | None, bytes, list[tuple[str, bytes]]]:
        """Return Kafka key, value and headers of its record."""
        key = None if self.source is None else self.source.encode()
        return key, self.value(), [("content-type", b"application/json"), ("place", self.place.encode())]


def rejection(row: dict[str, Any]) -> Rejection:
    """Return the rejection of a row, whose `key` is bytes and whose `arguments` are as the book stores them."""
    arguments = arguments_of(row["arguments"])
    message = message_of(row["reason"], arguments)
    return Rejection(**row | _key(row["key"]) | {"arguments": arguments, "message": message})


def _key(key: bytes | None) -> dict[str, str | None]:
    try:
        return {"key": None if key is None else key.decode()}
    except UnicodeDecodeError:
        return {"key": None, "key_base64": base64.b64encode(key or b"").decode()}


EXAMPLE = Rejection(
    topic="ip.patent.v1",
    partition=2,
    offset=17,
    offsets=1,
    outcome="rejected",
    rule="bad_data",
    path="data.occurred_on",
    message='"19.06.2018": it must be a date such as 2023-05-04',
    reason="form_date",
    arguments={"given": '"19.06.2018"'},
    id="0190c6f0-5a00-7000-8000-000000000010",
    source="urn:registry:example",
    subject="US10000000B2",
    key="US10000000B2",
)
