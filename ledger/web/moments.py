"""Times of the log as text."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(milliseconds: int | None) -> str | None:
    """Return a broker timestamp (ms since 1970 UTC) as RFC 3339."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
