"""The formats of rows over HTTP. Each module is one: its FORMAT has a suffix, a media type and a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.queries.answer import Answer
from ledger.queries.kinds import kind_of
from ledger.views.view import Column


@dataclass(frozen=True)
class ResponseFormat:
    """A format: `write` returns the body for an answer and the members of its JSON envelope."""

    suffix: str
    media_type: str
    write: Callable[[Answer, dict[str, Any]], bytes]


def plain_rows(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows as JSON writes them: amounts as decimal text, minor units as integers of any size, dates as
    YYYY-MM-DD, bytes as hex."""
    makers = [_plain(column) for column in answer.columns]
    names = answer.names
    return [{name: make(value) for name, make, value in zip(names, makers, row, strict=True)} for row in answer.shown]


def _plain(column: Column) -> Callable[[Any], Any]:
    if kind_of(column) == "integer":
        return lambda value: int(value) if isinstance(value, str) else _hex(value)
    return _hex


def _hex(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
