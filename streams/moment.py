"""The time of a record: any number of milliseconds, as its producer sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = ((day.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1) for day in (datetime.min, datetime.max))
"""The milliseconds of the years 1 to 9999: outside of them neither Python nor SQLite has a date."""


def moment(milliseconds: int) -> datetime:
    """Return the time so many milliseconds after 1970 (UTC); of one before the year 1 or after 9999 the nearest that
    has a date."""
    return _EPOCH + timedelta(milliseconds=min(max(milliseconds, FIRST), LAST))
