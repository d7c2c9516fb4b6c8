"""The routes of the questions that return rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from ledger.queries.ask import PAGE_ROWS
from ledger.queries.kinds import kind_of
from ledger.settings import Settings
from ledger.views.view import Column
from ledger.web.access import require
from ledger.web.api.answering import etag_of, headers_of, not_modified, rows_response, unchanged
from ledger.web.api.class_questions import COMPARE_MAPS, SENT_MAP, compare_sent_map
from ledger.web.api.models import rows_model
from ledger.web.api.parameters import MOMENT, POSITION, column_list, filter_example, filter_pattern, filter_values
from ledger.web.api.question import AT_PARAMETER, BadParameter, Option, Question, Terms, terms_of
from ledger.web.api.questions import questions
from ledger.web.formats.choice import ANSWER_FORMATS, chosen_format
from ledger.web.reading import RequestSnapshot

_BASIS = Option(
    "basis", "`corrected` applies corrections and voids", {"type": "string", "enum": ["corrected", "recorded"]}
)
_DAY = Option(
    "as_of",
    "the day; by default the newest business date of the book",
    {"type": "string", "format": "date", "example": "2024-12-31"},
)
_AT = Option(
    AT_PARAMETER,
    "as known then: a position, a day, a time such as 2026-11-29T22:00:00Z, `checkpoint` (the last one) or "
    "`checkpoint:N`; 422 if only the present is known",
    MOMENT,
)
_LIMIT = Option("limit", "rows of a page", {"type": "integer", "minimum": 0})
_MAP_FILE = """# classification: batteries
# version: 1.0.0
prefix,class
H01M,cells
H01M 10,batteries
"""
_AFTER = Option("after", "the cursor in the `next` link of the page before")
_REACHED = Option("min_position", "wait until the book has reached this position; 409 if it does not in time", POSITION)


def tables_router(settings: Settings) -> APIRouter:
    """Return the routes of all questions that return rows."""
    router = APIRouter()
    for question in questions():
        endpoint = _endpoint(question, settings)
        router.add_api_route(question.path, endpoint, operation_id=question.name, **_described(question, settings))
    described = {**_described(SENT_MAP, settings), "methods": ["POST"], "responses": {200: _answers(COMPARE_MAPS)}}
    router.add_api_route(SENT_MAP.path, _endpoint_of_map(settings), operation_id="compare_sent_map", **described)
    return router


def _described(question: Question, settings: Settings) -> dict[str, Any]:
    return {
        "methods": ["GET"],
        "summary": question.summary[:1].upper() + question.summary[1:],
        "description": question.details or question.summary,
        "tags": [question.tag],
        "dependencies": [require(question.scope)],
        "response_class": Response,
        "responses": {200: _answers(question), 304: {"description": "the client has this answer already"}},
        "openapi_extra": {"parameters": _parameters(question, settings.page_rows)},
    }


def _endpoint(question: Question, settings: Settings) -> Callable[..., Response]:
    def answer(request: Request, reading: RequestSnapshot) -> Response:
        terms, form = _terms(question, request, settings), chosen_format(request)
        reading = reading.at(terms.at)
        etag = etag_of(reading, question.path, request.url.query, form.suffix)
        headers = headers_of(reading, etag)
        if unchanged(request, etag):
            return not_modified(headers)
        return rows_response(request, reading, question.ask(reading.book, terms), form, headers)

    return answer


def _endpoint_of_map(settings: Settings) -> Callable[..., Response]:
    def answer(
        request: Request,
        reading: RequestSnapshot,
        content: Annotated[bytes, Body(media_type="text/csv", min_length=1, examples=[_MAP_FILE])],
    ) -> Response:
        terms, form = _terms(SENT_MAP, request, settings), chosen_format(request)
        headers = headers_of(reading, etag_of(reading, SENT_MAP.path, request.url.query, form.suffix, content))
        return rows_response(request, reading, compare_sent_map(reading.book, terms, content), form, headers)

    return answer


def _terms(question: Question, request: Request, settings: Settings) -> Terms:
    """Return the parameters of a request, with a limit. Raise BadParameter."""
    terms, most = terms_of(question, request.url.query), settings.page_rows
    limit = terms.choice["limit"]
    if limit is not None and limit > most:
        raise BadParameter(name="limit", value=limit, rule=f"at most {most} rows are a page; follow the `next` link")
    terms.choice["limit"] = min(PAGE_ROWS, most) if limit is None else limit
    return terms


def _answers(question: Question) -> dict[str, Any]:
    others = [form for form in ANSWER_FORMATS.values() if form.suffix != "json"]
    return {
        "description": "the rows",
        "model": rows_model(question),
        "content": {form.media_type: {"schema": {"type": "string"}} for form in others},
        "headers": {
            "ETag": {"description": "changes with the position of the book", "schema": {"type": "string"}},
            "Ledger-Position": {"description": "the position of the book", "schema": {"type": "string"}},
            "Link": {"description": "the next page", "schema": {"type": "string"}},
        },
    }


def options_of(question: Question) -> list[Option]:
    """Return the parameters of a question that are not filters."""
    columns = Option("columns", "names of columns, separated by commas", column_list(question.columns))
    order = "names of columns, separated by commas; `-name` is descending"
    listing = not question.plain
    some = [
        (_BASIS, question.based),
        (_DAY, question.dated),
        (_AT, question.timed and not question.present_only),
        (columns, listing),
        (Option("sort", order, column_list(question.columns, "-?")), listing),
        (_LIMIT, True),
        (_AFTER, listing),
        (_REACHED, True),
    ]
    return [*question.options, *(option for option, taken in some if taken)]


def _parameters(question: Question, most: int) -> list[dict[str, Any]]:
    limit = _LIMIT._replace(schema={**_LIMIT.schema, "maximum": most})
    described = [_parameter(limit if option is _LIMIT else option) for option in options_of(question)]
    if question.plain:
        return described
    items = {"type": "string", "pattern": filter_pattern(question.filters)}
    example = filter_example(question.filters)
    filters = {**_FILTERS, "schema": {"type": "array", "items": items}, "example": example}
    return [*described, *map(_filter, question.filters), filters]


def _parameter(option: Option) -> dict[str, Any]:
    return {"name": option.name, "in": "query", "description": option.meaning, "schema": dict(option.schema)}


def _filter(column: Column) -> dict[str, Any]:
    meaning = f"only rows with this value, or one of A,B; empty: null. {column.meaning}"
    if kind_of(column) not in ("text", "date"):
        meaning += f". Ranges: `{column.name}>=...`"
    return _parameter(Option(column.name, meaning, filter_values(column)))


_FILTERS = {
    "name": "filter",
    "in": "query",
    "description": "a filter as on the command line: NAME=V, !=, >=, <=, >, <; repeatable. `?year>=2020` is short for "
    "`?filter=year>=2020`.",
}
