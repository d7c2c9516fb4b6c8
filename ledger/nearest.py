"""Suggestions for mistyped names, for messages. Books store none of them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from schemas.errors import UsageError

_LONGEST = 100
"""Longer names get no suggestion, as the search takes quadratic time."""
ALIKE = 0.8
"""The least similarity of two names (difflib's ratio)."""
ALIKE_SHORT, SHORT = 0.6, 4
"""The same for short names, such as currency codes."""
SHORTEST_WORD = 3
"""Shorter words are in too many names."""
MOST_MEANT = 6
"""Do not suggest more names than this."""
MOST_NAMES = 25
"""Do not list more names than this."""


def hint(given: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Return a sentence for an unknown name: the nearest known name, else those that contain it,
    else `otherwise`, else all known names."""
    names = tuple(known)
    meant = nearest(given, names)
    if meant:
        return f"Did you mean {meant}?"
    if alike := containing(given, names):
        several = ", ".join(alike[:MOST_MEANT])
        more = ", ..." if len(alike) > MOST_MEANT else ""
        return f"Did you mean {several}?" if len(alike) == 1 else f"Did you mean one of {several}{more}?"
    if otherwise or len(names) <= MOST_NAMES:
        return otherwise or f"Known: {', '.join(names)}."
    return f"There are {len(names)}, such as {', '.join(names[:3])}."


@lru_cache(maxsize=1_000)
def nearest(given: str, known: tuple[str, ...]) -> str | None:
    """Return the known name that is most similar to the given one, ignoring case; None if none is similar."""
    if len(given) > _LONGEST:
        return None
    written = {name.lower(): name for name in known}
    alike = ALIKE if len(given) > SHORT else ALIKE_SHORT
    return next((written[name] for name in get_close_matches(given.lower(), written, n=1, cutoff=alike)), None)


def containing(given: str, known: Iterable[str]) -> list[str]:
    """Return the known names that contain the given word, ignoring case and a plural's `s`."""
    word = given.lower().removesuffix("s")
    return [name for name in known if word in name.lower()] if len(word) >= SHORTEST_WORD else []


class UnknownName(UsageError):
    """{what} {given!r} is not known. {hint}"""

    def __init__(self, what: str, given: str, known: Iterable[str], otherwise: str | None = None) -> None:
        super().__init__(what=what[0].upper() + what[1:], given=given, hint=hint(given, known, otherwise))
