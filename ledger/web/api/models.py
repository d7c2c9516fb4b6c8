"""The types of answers: a model of the rows of each question, made from its columns."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from ledger.queries.kinds import ValueKind, kind_of
from ledger.views.view import Column
from ledger.web.api.question import Question

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TYPES: dict[ValueKind, Any] = {
    "text": str,
    "integer": int,
    "decimal": Annotated[str, Field(pattern=_DECIMAL)],
    "real": float,
    "date": Annotated[str, Field(pattern=_DAY, json_schema_extra={"format": "date"})],
}
_EXAMPLES = {
    "ISO 4217 code": "CNY",
    "ISO 3166": "CN-SH",
    "code": "AI",
    "count": 12,
    "date": "2023-12-31",
    "decimal text": "1234567.80",
    "decimal": "17.5",
    "minor units": 123456780,
    "ratio": 0.25,
    "year": 2023,
}
"""Unit -> an example."""


class Problem(BaseModel):
    """A problem (RFC 9457). `type` is a path of this server that explains it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/v1/errors/NoSuchColumn",
                    "title": "No such column",
                    "status": 422,
                    "detail": "The view pledge_stock has no column 'sector'. Did you mean industry?",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None


class RowsAnswer(BaseModel):
    """The members of every answer with rows: the position that it stands on, and the link to its next page."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[str, Field(examples=["ip.patent.v1:0=120,ip.pledge.v1:0=55"])]
    as_of_offsets: Annotated[dict[str, list[int | None]], Field(examples=[{"ip.pledge.v1": [55, 0, 12, 7]}])]
    newest_at: Annotated[str | None, Field(description="broker timestamp of the newest record, RFC 3339")]
    next: Annotated[str | None, Field(description="path of the next page; null on the last")]


@cache
def rows_model(question: Question) -> type[RowsAnswer]:
    """Return the model of a question's JSON answer."""
    name = "".join(word.title() for word in question.name.split("_"))
    other = {column.name: column for column in question.either}
    fields: dict[str, Any] = {column.name: _field(column, other.get(column.name)) for column in question.columns}
    row: Any = create_model(f"{name}Row", __config__=ConfigDict(extra="forbid"), **fields)
    terms: dict[str, Any] = {term: (str | None, Field(description=_TERMS[term])) for term in question.terms}
    if question.path.startswith("/views/"):
        terms["view"] = (Literal[question.path.removeprefix("/views/")], ...)
    terms["rows"] = (list[row], ...)
    made: type[RowsAnswer] = create_model(f"{name}Answer", __base__=RowsAnswer, **terms)
    return made


_TERMS = {
    "industry_map": "industry map of the book",
    "as_of": "day of the answer",
    "since": "the earlier position",
    "basis": "`recorded`, or `corrected` (revisions applied)",
    "kind": "kind of total, or of document",
    "classification": "classification and its version",
    "a": "the first map and its version",
    "b": "the second map and its version",
    "count": "whole or fractional, and how",
    "symbols_without_class": "how many symbols have no class, and some of them; null: none",
    "region": "region of the answer; null: all",
    "currency": "currency of the amounts; null: counts",
    "other_currencies": "other currencies with amounts in the two periods, separated by commas",
}


def _field(column: Column, other: Column | None) -> tuple[Any, Any]:
    """Return type and field of a column, which may have another kind in some answers. Every value may be null, and a
    column that was not asked for is absent."""
    example = _EXAMPLES.get(column.unit)
    described = Field(
        default=None,
        description=f"{column.meaning} ({column.unit})",
        examples=None if example is None else [example],
        json_schema_extra=_without_default,
    )
    either = _TYPES[kind_of(column)] | (_TYPES[kind_of(other)] if other else None)
    return either | None, described


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
