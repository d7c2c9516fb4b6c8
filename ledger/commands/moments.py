"""Moments in options: a checkpoint becomes its position."""

from __future__ import annotations

from ledger.commands.context import settings


def moment_option(text: str | None) -> str | None:
    """Return the position of a checkpoint; any other text as it is. Raise NoCheckpoint, NoSuchCheckpoint."""
    if text is None or not text.startswith("checkpoint"):
        return text
    from ledger.proof.moments import moment_of

    return moment_of(settings().book, text)
