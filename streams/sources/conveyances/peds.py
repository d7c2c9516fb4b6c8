"""PEDS, the US office's Patent Examination Data System (to 2025): one application per line, with its conveyances.

It also reads downloads: a response, one JSON document with the applications in `docs`, or that array alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, unread_days
from streams.sources.conveyances.fields import FrameNumber, Number, OptionalText, ReelNumber, last_day, listed
from streams.sources.formats import LINE, Format, JsonItems, begins, json_with, json_without
from streams.sources.results import Unreadable, validated
from streams.sources.uspto import ConveyedAsset


class _Assignor(BaseModel):
    name: OptionalText = Field(None, alias="assignorName")
    executed: OptionalText = Field(None, alias="execDate")


class _Assignee(BaseModel):
    name: OptionalText = Field(None, alias="assigneeName")
    country: OptionalText = Field(None, alias="countryCode")  # the name of a US state or of a country


class _Assignment(BaseModel):
    reel: ReelNumber = Field(alias="reelNumber")
    frame: FrameNumber = Field(alias="frameNumber")
    text: OptionalText = Field(None, alias="converyanceName")
    recorded: OptionalText = Field(None, alias="recordedDate")
    assignors: Annotated[list[_Assignor], BeforeValidator(listed)] = []
    assignees: Annotated[list[_Assignee], BeforeValidator(listed)] = Field([], alias="assignee")


class _Application(BaseModel):
    number: OptionalText = Field(alias="applId")
    type: OptionalText = Field(None, alias="appType")
    us_class: Number = Field(None, alias="appCls")
    patent: OptionalText = Field(None, alias="patentNumber")
    assignments: Annotated[list[Any], BeforeValidator(listed)] = []


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyances under the application in one line. Raise Unreadable if it is invalid."""
    application = validated(_Application, content, "an application of PEDS")
    if application.number is None:
        raise Unreadable("not an application of PEDS: applId is empty")
    asset = _asset(application)
    for number, given in enumerate(application.assignments):
        try:
            assignment = validated(_Assignment, given, f"a conveyance: assignments.{number}")
            at = ReelFrame(assignment.reel, assignment.frame)
            yield from unread_days(at, assignment.recorded, (each.executed for each in assignment.assignors))
            yield _conveyance(assignment, asset)
        except Unreadable as error:
            yield error


def _asset(application: _Application) -> ConveyedAsset | None:
    """Return the asset by the patent's number if granted (PEDS does not have its kind), else by the application's.

    PEDS classifies by US class only, so assets have no IPC.
    """
    us_class = {"Design": "D", "Plant": "PLT"}.get(application.type or "", application.us_class)
    return uspto.asset(application.number, application.patent, us_class=us_class)


def _conveyance(assignment: _Assignment, asset: ConveyedAsset | None) -> Conveyance:
    return Conveyance(
        reel=assignment.reel,
        frame=assignment.frame,
        text=assignment.text,
        recorded=texts.iso_day(assignment.recorded),
        executed=last_day([assignor.executed for assignor in assignment.assignors]),
        assignors=[{"name": assignor.name} for assignor in assignment.assignors if assignor.name],
        assignees=[uspto.party(each.name, each.country) for each in assignment.assignees if each.name],
        assets=[asset] if asset else [],
        by_file=True,
    )


_responds, _is_empty = json_with(b"docs", b"applId"), json_without(b"docs", b"numFound", b"queryResults")
RESPONSE = Format("peds-json", lambda head: _responds(head) or _is_empty(head), JsonItems("docs"), read)
ARRAY = Format("peds-json", begins(rb"\[\s*\{[^{}\[\]]*\"applId\""), JsonItems(""), read)
FORMAT = Format("peds-json", json_with(b"applId"), LINE, read)
