"""Open Data Portal: file wrappers of patent applications as the US office provides them since 2024, one JSON document.

Searches, single applications and the bulk files have the array `patentFileWrapperDataBag`, downloads of a search
`patentdata`; the beta of 2024 has flat wrappers, and `reelNumber/frameNumber` instead of `reelAndFrameNumber`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from streams.sources import regions, texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, unread_days
from streams.sources.conveyances.fields import Number, OptionalText, last_day, listed
from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.results import Unreadable, validated
from streams.sources.uspto import ConveyedAsset

_CLASSES = {"DES": "D", "PLT": "PLT"}
_FOREIGN = re.compile("[A-Z]{2}X").fullmatch


class _Address(BaseModel):
    country: OptionalText = Field(None, alias="countryName")
    country_code: OptionalText = Field(None, alias="countryCode")
    ict_country: OptionalText = Field(None, alias="ictCountryCode")
    region_code: OptionalText = Field(None, alias="geographicRegionCode")
    ict_state: OptionalText = Field(None, alias="ictStateCode")
    region: OptionalText = Field(None, alias="geographicRegionName")

    def country_or_state(self) -> str | None:
        """Return the country as a code or a name. A region's code is a US state, or a country code with an X: `CHX`."""
        for country in filter(None, (self.country, self.country_code, self.ict_country)):
            return country[:2] if _FOREIGN(country) else country
        for region in filter(None, (self.region_code, self.ict_state, self.region)):
            if regions.region("US", region) != "US":
                return "US"
            if _FOREIGN(region):
                return region[:2]
        return self.region


class _Assignor(BaseModel):
    name: OptionalText = Field(None, alias="assignorName")
    executed: OptionalText = Field(None, alias="executionDate")


class _Assignee(BaseModel):
    name: OptionalText = Field(None, alias="assigneeNameText")
    address: _Address | None = Field(None, alias="assigneeAddress")


class _Assignment(BaseModel):
    reel: Number = Field(None, alias="reelNumber")
    frame: Number = Field(None, alias="frameNumber")
    both: OptionalText = Field(None, validation_alias=AliasChoices("reelAndFrameNumber", "reelNumber/frameNumber"))
    text: OptionalText = Field(None, alias="conveyanceText")
    recorded: OptionalText = Field(None, alias="assignmentRecordedDate")
    assignors: Annotated[list[_Assignor], BeforeValidator(listed)] = Field([], alias="assignorBag")
    assignees: Annotated[list[_Assignee], BeforeValidator(listed)] = Field([], alias="assigneeBag")

    def conveyance(self, asset: ConveyedAsset | None) -> Conveyance:
        reel, _, frame = (self.both or "").partition("/")
        at = ReelFrame.of(self.reel or reel, self.frame or frame)
        return Conveyance(
            reel=at.reel,
            frame=at.frame,
            text=self.text,
            recorded=texts.iso_day(self.recorded),
            executed=last_day([assignor.executed for assignor in self.assignors]),
            assignors=[{"name": each.name} for each in self.assignors if each.name],
            assignees=[
                uspto.party(each.name, each.address.country_or_state() if each.address else None)
                for each in self.assignees
                if each.name
            ],
            assets=[asset] if asset else [],
            by_file=True,
        )


class _Facts(BaseModel):
    """The values that determine the right: in the wrapper itself, or in its `applicationMetaData`."""

    patent: Number = Field(None, alias="patentNumber")
    type: OptionalText = Field(None, alias="applicationTypeCode")
    us_class: Number = Field(None, alias="class")


class _Wrapper(_Facts):
    application: OptionalText = Field(alias="applicationNumberText")
    facts: _Facts | None = Field(None, alias="applicationMetaData")
    assignments: Annotated[list[Any], BeforeValidator(listed)] = Field([], alias="assignmentBag")


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyances in one file wrapper. Raise Unreadable if it is invalid."""
    wrapper = validated(_Wrapper, content, "a file wrapper of the Open Data Portal")
    if wrapper.application is None:
        raise Unreadable("not a file wrapper of the Open Data Portal: applicationNumberText is empty")
    facts = wrapper.facts or wrapper
    us_class = _CLASSES.get(facts.type or "", facts.us_class)
    asset = uspto.asset(wrapper.application, facts.patent, us_class=us_class)
    for number, given in enumerate(wrapper.assignments):
        try:
            assignment = validated(_Assignment, given, f"a conveyance: assignmentBag.{number}")
            conveyance = assignment.conveyance(asset)
            at = ReelFrame(conveyance.reel, conveyance.frame)
            yield from unread_days(at, assignment.recorded, (each.executed for each in assignment.assignors))
            yield conveyance
        except Unreadable as error:
            yield error


FORMAT = Format("odp-json", json_with(b"patentFileWrapperDataBag"), JsonItems("patentFileWrapperDataBag"), read)
DOWNLOAD = Format("odp-json", json_with(b"patentdata", b"applicationNumberText"), JsonItems("patentdata"), read)
