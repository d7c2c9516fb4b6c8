"""PEDS, the US office's Patent Examination Data System: an application a line, with its conveyances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from streams.sources import texts, uspto
from streams.sources.conveyances.conveyance import Asset, Conveyance
from streams.sources.formats import LINE, Format, json_with
from streams.sources.results import Unreadable, parsed


def _tidied(given: Any) -> Any:
    # Nothing is written as null, as "", and as the words that texts.tidy knows.
    return texts.tidy(given) if isinstance(given, str) else given


_Text = Annotated[str | None, BeforeValidator(_tidied)]


class _Assignor(BaseModel):
    name: _Text = Field(None, alias="assignorName")
    executed: _Text = Field(None, alias="execDate")


class _Assignee(BaseModel):
    name: _Text = Field(None, alias="assigneeName")
    country: _Text = Field(None, alias="countryCode")  # holds the name of a US state or of a country


class _Assignment(BaseModel):
    reel: int = Field(alias="reelNumber", ge=0, le=999_999)
    frame: int = Field(alias="frameNumber", ge=0, le=9_999)
    text: _Text = Field(None, alias="converyanceName")
    recorded: _Text = Field(None, alias="recordedDate")
    assignors: list[_Assignor] | None = None
    assignees: list[_Assignee] | None = Field(None, alias="assignee")


class _Application(BaseModel):
    number: _Text = Field(alias="applId")
    type: _Text = Field(None, alias="appType")
    us_class: _Text = Field(None, alias="appCls")
    patent: _Text = Field(None, alias="patentNumber")
    assignments: list[Any] | None = None


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """The conveyances under the application in one line; Unreadable if it is none."""
    application = parsed(_Application, content, "an application of PEDS")
    if application.number is None:
        raise Unreadable("not an application of PEDS: applId is empty")
    asset = _asset(application, uspto.application_number(application.number))
    for number, given in enumerate(application.assignments or []):
        try:
            yield _conveyance(parsed(_Assignment, given, f"a conveyance: assignments.{number}"), asset)
        except Unreadable as error:
            yield error


def _asset(application: _Application, number: str) -> Asset:
    """By the patent's number where it is granted (PEDS does not know its kind), else by the application's.

    PEDS classifies by US class only, so assets have no IPC.
    """
    us_class = {"Design": "D", "Plant": "PLT"}.get(application.type or "", application.us_class)
    return uspto.asset(number, application.patent, us_class)


def _conveyance(assignment: _Assignment, asset: Asset) -> Conveyance:
    assignors, assignees = assignment.assignors or [], assignment.assignees or []
    return Conveyance(
        reel=assignment.reel,
        frame=assignment.frame,
        text=assignment.text,
        recorded=texts.iso_day(assignment.recorded),
        executed=max(filter(None, (texts.iso_day(assignor.executed) for assignor in assignors)), default=None),
        assignors=[{"name": assignor.name} for assignor in assignors if assignor.name],
        assignees=[uspto.party(each.name, each.country) for each in assignees if each.name],
        assets=[asset],
    )


FORMAT = Format("peds-json", json_with(b"applId"), LINE, read)
