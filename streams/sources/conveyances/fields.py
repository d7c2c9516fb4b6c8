"""Shared fields of the office's JSON formats of conveyances."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from streams.sources import texts


def _optional_text(given: Any) -> Any:
    # Missing values are null, "", or the words that texts.tidy knows.
    return texts.tidy(given) if isinstance(given, str) else given


def _number(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else _optional_text(given)


OptionalText = Annotated[str | None, BeforeValidator(_optional_text)]
"""A text on one line, or None."""
Number = Annotated[str | None, BeforeValidator(_number)]
"""A text on one line, or None; some files give a JSON number. Application numbers are always texts: a JSON number would
lose leading zeros."""

OptionalCount = Annotated[int | None, BeforeValidator(_optional_text)]
"""A count, or None."""

ReelNumber = Annotated[int, Field(ge=0, le=999_999)]
FrameNumber = Annotated[int, Field(ge=0, le=9_999)]


def listed(given: Any) -> Any:
    """Return a list: a single object, as in some responses, becomes a list of one, and null or an empty one an
    empty list."""
    return [given] if given and isinstance(given, dict) else given or []


def last_day(days: list[str | None]) -> str | None:
    """Return the last of these days as an ISO text; each may have any known form."""
    return max(filter(None, map(texts.iso_day, days)), default=None)
