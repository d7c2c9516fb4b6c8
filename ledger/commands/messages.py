"""Messages to the person at the terminal, on stderr."""

from __future__ import annotations

import sys

from schemas.escapes import escaped


def echo_err(*lines: str) -> None:
    """Print messages to stderr, one a line; a line's end within a message is written out."""
    for line in lines:
        sys.stderr.write(f"{escaped(line)}\n")


def counted(count: int, one: str, several: str) -> str:
    """Return a number with the words that fit it: `1 event`, `2,000 events`."""
    return f"{count:,} {one if count == 1 else several}"
