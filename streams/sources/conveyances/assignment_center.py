"""Assignment Center: responses of the US office's search for conveyances since 2024, one JSON document.

Exports have no recorded date, and only the properties that the search matched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, assets_of, unread_days
from streams.sources.conveyances.fields import (
    FrameNumber,
    Number,
    OptionalCount,
    OptionalText,
    ReelNumber,
    last_day,
    listed,
)
from streams.sources.formats import Format, JsonItems, json_with, json_without
from streams.sources.results import Unreadable, validated
from streams.sources.uspto import ConveyedAsset


class _Assignor(BaseModel):
    name: OptionalText = Field(None, validation_alias=AliasChoices("assignorName", "name"))
    executed: OptionalText = Field(None, alias="executionDate")


def _named(given: Any) -> Any:
    return given.get("assigneeName") if isinstance(given, dict) else given


class AssignmentRow(BaseModel):
    """A conveyance of patents or trademarks without its properties. Exports give an assignee as a text, responses about
    one application as an object."""

    reel: ReelNumber = Field(alias="reelNumber")
    frame: FrameNumber = Field(alias="frameNumber")
    text: OptionalText = Field(None, alias="conveyance")
    recorded: OptionalText = Field(None, alias="recordationDate")
    executed: OptionalText = Field(None, alias="assignorExecutionDate")
    assignors: Annotated[list[_Assignor], BeforeValidator(listed)] = []
    assignees: Annotated[list[Annotated[OptionalText, BeforeValidator(_named)]], BeforeValidator(listed)] = []
    stated: OptionalCount = Field(None, alias="noOfProperties")

    def conveyance(self, assets: list[ConveyedAsset]) -> Iterator[Conveyance | Unreadable]:
        """Yield the errors of unreadable days, and the conveyance of these assets."""
        executed = (*(assignor.executed for assignor in self.assignors), self.executed)
        yield from unread_days(ReelFrame(self.reel, self.frame), self.recorded, executed)
        yield Conveyance(
            reel=self.reel,
            frame=self.frame,
            text=self.text,
            recorded=texts.iso_day(self.recorded),
            executed=last_day([assignor.executed for assignor in self.assignors]) or texts.iso_day(self.executed),
            assignors=[{"name": assignor.name} for assignor in self.assignors if assignor.name],
            assignees=[{"name": name} for name in self.assignees if name],
            assets=assets,
            properties=self.stated or 0,
        )


class _Property(BaseModel):
    application: OptionalText = Field(None, alias="applicationNumber")
    patent: Number = Field(None, alias="patentNumber")
    pct: OptionalText = Field(None, alias="pctNumber17")
    short_pct: OptionalText = Field(None, alias="pctNumber")
    hague: OptionalText = Field(None, alias="internationalRegistrationNumber")
    publication: Number = Field(None, alias="publicationNumber")

    def asset(self) -> ConveyedAsset | None:
        return uspto.asset(
            self.application,
            self.patent,
            uspto.international(self.pct or self.short_pct),
            uspto.international(self.hague),
            uspto.publication(self.publication),
        )


class _Item(BaseModel):
    """One item: a conveyance with its properties, or properties with their conveyances."""

    properties: Annotated[list[Any], BeforeValidator(listed)] = []
    assignment: Annotated[list[Any], BeforeValidator(listed)] | None = None


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyances in one item of the response: one, or those of one application. Raise Unreadable for an
    invalid item."""
    item = validated(_Item, content, "a conveyance of Assignment Center")
    if item.assignment is None:
        yield from _conveyance(validated(AssignmentRow, content, "a conveyance of Assignment Center"), item.properties)
        return
    for number, given in enumerate(item.assignment):
        try:
            row = validated(AssignmentRow, given, f"a conveyance of Assignment Center: assignment.{number}")
            yield from _conveyance(row, item.properties)
        except Unreadable as error:
            yield error


def _conveyance(row: AssignmentRow, properties: list[Any]) -> Iterator[Conveyance | Unreadable]:
    """Yield the errors of invalid properties, and the conveyance of the valid ones."""
    assets, bad = assets_of(ReelFrame(row.reel, row.frame), properties, _asset)
    yield from bad
    yield from row.conveyance(assets)


def _asset(given: Any) -> ConveyedAsset | None:
    return validated(_Property, given, "a property").asset()


NO_CONVEYANCES = json_without(b"data", b"successResponse")
"""Recognises an answer without any conveyance; answers about marks have the same envelope."""
_recognises = json_with(b"reelNumber", b"applicationNumber")
FORMAT = Format(
    "assignment-center-json", lambda head: _recognises(head) or NO_CONVEYANCES(head), JsonItems("data"), read
)
