"""The name that somebody may have meant, for messages. No book keeps any of it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from schemas.errors import UsageError

LONGEST = 100
"""A longer name is not a mistyped one, and the search takes the square of its length."""
ALIKE = 0.8
"""This part of both names is the same, in the same order."""
ALIKE_SHORT, SHORT = 0.6, 4
"""The same for short names, such as codes of currencies."""
MOST_NAMES = 60
"""Nobody reads a longer list."""


def hint(given: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Return a sentence for somebody who gave an unknown name: the nearest known one, or else all of them, unless
    another sentence is given for them."""
    names = tuple(known)
    meant = nearest(given, names)
    if meant:
        return f"Did you mean {meant}?"
    if otherwise or len(names) <= MOST_NAMES:
        return otherwise or f"Known: {', '.join(names)}."
    return f"There are {len(names)}, such as {', '.join(names[:3])}."


@lru_cache(maxsize=1_000)
def nearest(given: str, known: tuple[str, ...]) -> str | None:
    """Return the one of these names that is most like the given one, in any case; None if no name is alike."""
    if len(given) > LONGEST:
        return None
    written = {name.lower(): name for name in known}
    alike = ALIKE if len(given) > SHORT else ALIKE_SHORT
    return next((written[name] for name in get_close_matches(given.lower(), written, n=1, cutoff=alike)), None)


class UnknownName(UsageError):
    """{what} {given!r} is not known. {hint}"""

    def __init__(self, what: str, given: str, known: Iterable[str], otherwise: str | None = None) -> None:
        super().__init__(what=what, given=given, hint=hint(given, known, otherwise))
