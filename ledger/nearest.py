"""The name that somebody may have meant, for messages to whoever asks. No book keeps what stands here."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from schemas.errors import UsageError

LONGEST = 100
"""A longer name is not a mistyped one, and the search takes the square of its length."""
ALIKE = 0.8
"""So much of both names is the same, in the same order."""


def hint(given: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Return a sentence for whoever gave a name that is not known: the nearest known one, or else all of them, unless
    another sentence is given for them."""
    names = tuple(known)
    meant = nearest(given, names)
    return f"Did you mean {meant}?" if meant else otherwise or f"Known: {', '.join(names)}."


@lru_cache(maxsize=1_000)
def nearest(given: str, known: tuple[str, ...]) -> str | None:
    """Return the one of these names that is most like the given one, in any case; None if none is."""
    if len(given) > LONGEST:
        return None
    written = {name.lower(): name for name in known}
    return next((written[name] for name in get_close_matches(given.lower(), written, n=1, cutoff=ALIKE)), None)


class UnknownName(UsageError):
    """{what} {given!r} is not known. {hint}"""

    def __init__(self, what: str, given: str, known: Iterable[str], otherwise: str | None = None) -> None:
        super().__init__(what=what, given=given, hint=hint(given, known, otherwise))
