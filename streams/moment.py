"""Record timestamps: any number of milliseconds, as the producer sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = ((day.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1) for day in (datetime.min, datetime.max))
"""The milliseconds of the years 1 to 9999: neither Python nor SQLite has dates outside them."""


def moment(milliseconds: int) -> datetime:
    """Return the UTC time of a number of milliseconds since 1970; before the year 1 or after 9999 the nearest valid
    time."""
    return _EPOCH + timedelta(milliseconds=min(max(milliseconds, FIRST), LAST))
