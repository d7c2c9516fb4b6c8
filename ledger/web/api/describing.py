"""The routes that describe the questions: a list of them, and the fields of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from ledger.json_document import json_document
from ledger.nearest import UnknownName
from ledger.queries.filters import operators_of
from ledger.queries.kinds import ValueKind, kind_of
from ledger.views.view import Column
from ledger.web.access import require
from ledger.web.api.question import Question
from ledger.web.api.questions import questions
from ledger.web.api.tables import options_of
from ledger.web.scopes import TOTALS_READ


class NoSuchQuestion(UnknownName):
    """{what} {given!r} is not known. {hint}"""

    http_status = 404


class QuestionSummary(BaseModel):
    """A question that returns rows."""

    name: Annotated[str, Field(examples=["views/pledge_stock"])]
    path: Annotated[str, Field(examples=["/api/v1/views/pledge_stock"])]
    summary: Annotated[str, Field(examples=["Totals by kind, the chosen columns and currency"])]
    scope: Annotated[str, Field(examples=["totals:read"])]


class QuestionList(BaseModel):
    """All of them."""

    questions: list[QuestionSummary]


class Parameter(BaseModel):
    """A parameter that is not a filter; `value` is its JSON Schema."""

    name: Annotated[str, Field(examples=["by"])]
    meaning: Annotated[str, Field(examples=["any of industry, year, region, right"])]
    value: Annotated[dict[str, Any], Field(examples=[{"type": "string"}])]


class FilteredColumn(BaseModel):
    """A column that filters may use, and their operators."""

    name: Annotated[str, Field(examples=["year"])]
    type: Annotated[ValueKind, Field(examples=["integer"])]
    operators: Annotated[list[str], Field(examples=[["=", "!=", ">=", "<=", ">", "<"]])]


class AnswerColumn(BaseModel):
    """A column of the answer."""

    name: Annotated[str, Field(examples=["amount"])]
    type: Annotated[ValueKind, Field(examples=["decimal"])]
    unit: Annotated[str, Field(examples=["decimal text"])]
    meaning: Annotated[str, Field(examples=["sum of the amounts"])]


class QuestionFields(QuestionSummary):
    """The fields of a question."""

    parameters: list[Parameter]
    columns: list[AnswerColumn]
    filters: list[FilteredColumn]


def describing_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(default_response_class=Response, tags=["About"], dependencies=[require(TOTALS_READ)])
    for path, endpoint, name, model in (
        ("/questions", _list, "questions", QuestionList),
        ("/questions/{name:path}", _fields, "question_fields", QuestionFields),
    ):
        answers: dict[int | str, dict[str, Any]] = {200: {"description": "the description", "model": model}}
        router.add_api_route(path, endpoint, operation_id=name, responses=answers)
    return router


def _list() -> Response:
    """List the questions that return rows."""
    return _response(QuestionList(questions=[QuestionSummary(**_summary(question)) for question in questions()]))


def _fields(
    name: Annotated[str, Path(max_length=100, description="its path below /api/v1", examples=["totals/events"])],
) -> Response:
    """Return the fields of a question: its parameters, the columns of its answer, and what filters may use."""
    known = {question.path.removeprefix("/"): question for question in questions()}
    if name not in known:
        raise NoSuchQuestion(what="the question", given=name, known=known)
    question = known[name]
    found = QuestionFields(
        **_summary(question),
        parameters=[Parameter(name=one.name, meaning=one.meaning, value=one.schema) for one in options_of(question)],
        columns=[AnswerColumn(type=kind_of(one), **_described(one)) for one in question.columns],
        filters=[
            FilteredColumn(name=one.name, type=kind_of(one), operators=list(operators_of(one)))
            for one in question.filters
        ],
    )
    return _response(found)


def _summary(question: Question) -> dict[str, str]:
    name = question.path.removeprefix("/")
    return {"name": name, "path": f"/api/v1/{name}", "summary": question.summary, "scope": question.scope}


def _described(column: Column) -> dict[str, str]:
    return {"name": column.name, "unit": column.unit, "meaning": column.meaning}


def _response(found: BaseModel) -> Response:
    return Response(json_document(found.model_dump()), media_type="application/json")
