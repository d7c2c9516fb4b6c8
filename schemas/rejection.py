"""What `ip.rejection.v1` says: one record for each record of the log that a book refused.

It follows from the log alone: the same refused record is the same bytes, whoever sends them and however often, but for
the words of `message`, which a later version may change.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from schemas.wording import arguments_of, message_of


class Rejection(BaseModel):
    """One refused record of the log, or one record batch that cannot be read. Fields may be added."""

    model_config = ConfigDict(frozen=True)

    topic: str = Field(description="plain name of the topic in which it lies, without the prefix of the installation")
    partition: int = Field(ge=0, description="partition of that topic")
    offset: int = Field(ge=0, description="its offset; of a batch that cannot be read the first one")
    offsets: int = Field(ge=1, description="1; of a batch that cannot be read, how many offsets it has")
    outcome: Literal["rejected", "conflict"] = Field(
        description="rejected: a rule refused it; conflict: the same id stands with other bytes"
    )
    rule: str = Field(description="the first rule that it breaks, such as bad_data; conflict for a conflict")
    path: str = Field(description="where in the event, such as data.secured.amount; empty for the whole")
    message: str = Field(description="value and rule in words, for people; a later version may have other words")
    reason: str = Field(description="the reason as a code, for programs: codes and arguments are for life")
    arguments: dict[str, str | int] = Field(description="what the message names, such as the value; cut where long")
    id: str | None = Field(None, description="the event's id; null where none could be read")
    source: str | None = Field(None, description="who said it, the Kafka key of this record; null where not readable")
    subject: str | None = Field(None, description="the entity; null where none could be read")
    key: str | None = Field(None, description="the record's Kafka key, its first 65,536 bytes; null without one")
    key_base64: str | None = Field(None, description="in place of key, where that is not UTF-8")

    @property
    def place(self) -> str:
        """Its identity: by this a consumer knows what it had already."""
        return f"{self.topic}:{self.partition}={self.offset}"

    def value(self) -> bytes:
        """The value of its record: JSON, each field but `key_base64` in it."""
        return orjson.dumps(self.model_dump(exclude=None if self.key_base64 else {"key_base64"}))

    def record(self) -> tuple[bytes | None, bytes, list[tuple[str, bytes]]]:
        """Kafka key, value and headers of its record."""
        key = None if self.source is None else self.source.encode()
        return key, self.value(), [("content-type", b"application/json"), ("place", self.place.encode())]


def rejection(row: dict[str, Any]) -> Rejection:
    """The rejection of a row whose `key` is in bytes, and `arguments` as the book keeps them."""
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
