"""Days as numbers: YYYYMMDD."""

from __future__ import annotations

from datetime import date


def day_number(day: date) -> int:
    """Return a date as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day
