"""Assignment Center's export of trademark conveyances, one JSON document. It has no kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from streams.sources.conveyances.assignment_center import NO_CONVEYANCES, AssignmentRow
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, assets_of
from streams.sources.conveyances.fields import Number, listed
from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.results import Unreadable, validated
from streams.sources.uspto import ConveyedAsset


class _Mark(BaseModel):
    serial: Number = Field(None, alias="serialNumber")
    registration: Number = Field(None, alias="registrationNumber")

    def asset(self) -> ConveyedAsset | None:
        """Return the asset by its registration number, else by its application number, as in the register of marks."""
        registered = f"US{self.registration.lstrip('0')}" if self.registration else None
        filed = f"US-A-{self.serial}" if self.serial else None
        known_by = filed or registered
        return ConveyedAsset(known_by, registered or known_by, "trademark") if known_by else None


class _Row(AssignmentRow):
    marks: Annotated[list[Any], BeforeValidator(listed)] = Field([], alias="properties")


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyance in one item of the export. Raise Unreadable if it is invalid."""
    row = validated(_Row, content, "a trademark conveyance of Assignment Center")
    at = ReelFrame(row.reel, row.frame)
    assets, bad = assets_of(at, row.marks, lambda each: validated(_Mark, each, "a property").asset())
    yield from bad
    yield from row.conveyance(assets)


_recognises = json_with(b"reelNumber", b"serialNumber")
FORMAT = Format(
    "trademark-assignments-json", lambda head: _recognises(head) or NO_CONVEYANCES(head), JsonItems("data"), read
)
