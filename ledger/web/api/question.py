"""A question over HTTP: its path, its parameters and its columns; and the parameters of one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ledger.book.book import Book
from ledger.queries.answer import Answer
from ledger.queries.ask import BadLimit, Choice
from ledger.queries.filters import parse_day
from ledger.views.view import Column
from schemas.errors import UsageError

ALWAYS = ("columns", "sort", "limit", "after", "filter", "min_position")
AT_PARAMETER = "at"
"""Parameters of every question that returns rows."""
MOST_PARAMETERS = 100
LONGEST_LIMIT = 10
"""Digits."""


class BadParameter(UsageError):
    """The parameter {name}={value!r} cannot be used: {rule}. Correct it as /api/v1/openapi.json describes it."""


class Option(NamedTuple):
    """A parameter of one question; `schema` is its JSON Schema."""

    name: str
    meaning: str
    schema: Mapping[str, Any] = {"type": "string"}


class Terms(NamedTuple):
    """The parameters of a request. `choice` has filters, columns, order, limit and cursor."""

    options: Mapping[str, str]
    basis: str
    day: date | None
    at: str | None
    choice: Choice

    def names(self, option: str) -> list[str]:
        """Return the names in an option, separated by commas."""
        return _names(self.options.get(option))

    def flag(self, name: str) -> bool:
        """Return the value of an option that is true or false. Raise BadParameter."""
        value = self.options.get(name, "false")
        if value not in ("true", "false"):
            raise BadParameter(name=name, value=value, rule="write true or false")
        return value == "true"


@dataclass(frozen=True, eq=False)  # equal to itself only: the key of its model
class Question:
    """A question that returns rows; `ask` answers it on a book. `terms` are the other members of its JSON."""

    path: str
    summary: str
    columns: tuple[Column, ...]
    ask: Callable[[Book, Terms], Answer]
    scope: str
    details: str = ""
    options: tuple[Option, ...] = ()
    dated: bool = False
    based: bool = True
    timed: bool = False
    """True if it may be asked at a past position."""
    present_only: bool = False
    """True if the answer at a past position is always NotKnownThen."""
    terms: tuple[str, ...] = ()
    tag: str = "Figures"
    optional: frozenset[str] = field(default_factory=frozenset)
    """Columns that only some answers have."""
    plain: bool = False
    """True if it takes only a limit: neither filters nor columns, order and pages."""
    either: tuple[Column, ...] = ()
    """Columns that have another kind in some answers."""
    filtered: tuple[Column, ...] = ()
    """The columns that filters may use, if they are not those of the answer."""

    @property
    def filters(self) -> tuple[Column, ...]:
        """The columns that filters of the short form may use."""
        columns = () if self.plain else self.filtered or self.columns
        return tuple(column for column in columns if column.name not in self.reserved)

    @property
    def reserved(self) -> tuple[str, ...]:
        """The names of parameters that are not filters."""
        dated, based = ("as_of",) * self.dated, ("basis",) * self.based
        timed = (AT_PARAMETER,) * self.timed
        return (*ALWAYS, *dated, *based, *timed, *(option.name for option in self.options))

    @property
    def name(self) -> str:
        """The question as a name, such as `view_pledge_stock`."""
        return self.path.strip("/").replace("views/", "view_").replace("/", "_").replace("-", "_")


def terms_of(question: Question, query: str) -> Terms:
    """Return the parameters in a query string: those of the question, and filters as on the command line.

    `year>=2020&industry=AI,SEMI` are two filters. Raise BadAsOf, BadLimit, BadParameter.
    """
    filters: list[str] = []
    given: dict[str, str] = {}
    for name, value in _pairs(query):
        if name == "filter":
            filters.append(value)
        elif name not in question.reserved:
            filters.append(name if not value and any(sign in name for sign in "<>") else f"{name}={value}")
        elif name in given:
            raise BadParameter(name=name, value=value, rule="it is given twice")
        else:
            given[name] = value
    refused = [*filters, *(name for name in ("columns", "sort", "after") if given.get(name))]
    if question.plain and refused:
        raise BadParameter(name="query", value=", ".join(refused)[:40], rule="this question takes only a limit")
    limit = given.get("limit")
    choice = Choice(
        filters=filters,
        columns=_names(given.get("columns")),
        sort=_names(given.get("sort")),
        limit=None if limit is None else _limit(limit),
        after=given.get("after", ""),
    )
    basis = given.get("basis", "corrected")
    day = parse_day(given["as_of"]) if "as_of" in given else None
    return Terms(given, basis, day, given.get(AT_PARAMETER) if question.timed else None, choice)


def _pairs(query: str) -> Iterable[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise BadParameter(name="query", value=query[:40], rule=error) from error


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()] if text else []


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_LIMIT):
        raise BadLimit(limit=repr(text[:40]))
    return int(text)
