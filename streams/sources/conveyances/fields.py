"""Fields that the office's JSON formats of conveyances share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from streams.sources import texts


def _optional_text(given: Any) -> Any:
    # Nothing is written as null, as "", and as the words that texts.tidy knows.
    return texts.tidy(given) if isinstance(given, str) else given


def _number(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else _optional_text(given)


OptionalText = Annotated[str | None, BeforeValidator(_optional_text)]
"""A text on one line, or None."""
Number = Annotated[str | None, BeforeValidator(_number)]
"""The same, of a number that some files have as a text, others as a number. No application is: zeros would be lost."""

Count = Annotated[int | None, BeforeValidator(_optional_text)]
"""How many there are, or None."""

Reel = Annotated[int, Field(ge=0, le=999_999)]
Frame = Annotated[int, Field(ge=0, le=9_999)]


def listed(given: Any) -> Any:
    """A list, also of one thing that stands alone, as it does in some answers; nothing is an empty one."""
    return [given] if isinstance(given, dict) else given or []


def last_day(days: list[str | None]) -> str | None:
    """The last of these days, in whatever form, as an ISO text."""
    return max(filter(None, map(texts.iso_day, days)), default=None)
