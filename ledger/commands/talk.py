"""Messages to the person at the terminal, on stderr."""

from __future__ import annotations

import sys

from schemas.escapes import escaped


def talk(*lines: str) -> None:
    """Print messages to stderr, one a line; a line's end within a message is written out."""
    for line in lines:
        sys.stderr.write(f"{escaped(line)}\n")
