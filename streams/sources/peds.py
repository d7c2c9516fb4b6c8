"""PEDS, the US office's Patent Examination Data System: an application a line, with its conveyances."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypedDict

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from streams.sources import office, places
from streams.sources.conveyance import ReelFrame
from streams.sources.results import Unreadable, first_fault


def _tidied(given: Any) -> Any:
    # Nothing is written as null, as "", and as the words that office.tidy knows.
    return office.tidy(given) if isinstance(given, str) else given


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


class Conveyance(TypedDict):
    """What an application says of one conveyance. `day` is the recorded date, else the last execution's."""

    text: str | None
    day: str | None
    assignors: list[dict[str, str]]
    assignees: list[dict[str, str]]


class Application(NamedTuple):
    """An application: its number, the asset that it is (id, right), its conveyances as they came."""

    number: str
    asset: tuple[str, str]
    rows: list[Any]


def read(content: bytes) -> Application:
    """The application in one line; Unreadable if it is none."""
    try:
        application = _Application.model_validate_json(content)
    except ValidationError as error:
        raise Unreadable(f"not an application of PEDS: {first_fault(error)}") from error
    if application.number is None:
        raise Unreadable("not an application of PEDS: applId is empty")
    number = office.application_number(application.number)
    return Application(number, _asset(application, number), application.assignments or [])


def _asset(application: _Application, number: str) -> tuple[str, str]:
    """By the patent's number where it is granted (PEDS does not know its kind), else by the application's.

    PEDS classifies by US class only, so assets have no IPC.
    """
    patent = office.patent_number(application.patent) if application.patent else ""
    us_class = {"Design": "D", "Plant": "PLT"}.get(application.type or "", application.us_class)
    return f"US{patent}" if patent else number, office.right_of(patent, us_class)


def conveyance(row: Any) -> tuple[ReelFrame, Conveyance]:
    """The conveyance in one row of an application, and where it is recorded; Unreadable if it is none."""
    try:
        assignment = _Assignment.model_validate(row)
    except ValidationError as error:
        raise Unreadable(f"not a conveyance: {first_fault(error)}") from error
    assignors, assignees = assignment.assignors or [], assignment.assignees or []
    executed = filter(None, (office.day_of(assignor.executed) for assignor in assignors))
    day = office.day_of(assignment.recorded) or max(executed, default=None)
    return ReelFrame(assignment.reel, assignment.frame), {
        "text": assignment.text,
        "day": day.isoformat() if day else None,
        "assignors": [{"name": assignor.name} for assignor in assignors if assignor.name],
        "assignees": [_assignee(each.name, each.country) for each in assignees if each.name],
    }


def _assignee(name: str, country_text: str | None) -> dict[str, str]:
    country = places.country(country_text)
    return {"name": name} | ({"country": country} if country else {})
