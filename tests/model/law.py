"""The term of a patent, a second reading of the law, with a calendar."""

from __future__ import annotations

from datetime import date, timedelta


def term_end(office: str, right: str, filed_on: str | None, granted_on: str) -> str | None:
    """Return the first day after a patent's term, unless an event adjusts it; None if no rule gives one."""
    if office == "US":
        return _in_the_us(right, filed_on, granted_on)
    if filed_on is None:
        return None
    if office == "CN":  # the filing date is the first day of the term
        years = {"invention": 20, "utility_model": 10, "design": 15 if filed_on >= "2021-06-01" else 10}.get(right)
        return _on_the_same_day(filed_on, years) if years else None
    if right == "invention" or (right == "utility_model" and office in ("JP", "KR", "TW")):
        return day_after(_on_the_same_day(filed_on, 20 if right == "invention" else 10))
    return None


def _in_the_us(right: str, filed_on: str | None, granted_on: str) -> str | None:
    if right == "design":
        if filed_on is None and granted_on >= "2015-05-13":
            return None
        years = 14 if filed_on is None or filed_on < "2015-05-13" else 15
        return day_after(_on_the_same_day(granted_on, years))
    if right == "utility_model":
        return None
    from_grant = day_after(_on_the_same_day(granted_on, 17))
    if granted_on < "1978-06-08":  # over by 1995-06-08, when terms began to count from filing
        return from_grant
    if filed_on is None:
        return None
    from_filing = day_after(_on_the_same_day(filed_on, 20))
    return max(from_filing, from_grant) if filed_on < "1995-06-08" else from_filing


def day_after(day: str) -> str:
    """Return the next day."""
    return (date.fromisoformat(day) + timedelta(1)).isoformat()


def day_before(day: str) -> str:
    """Return the day before."""
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


def _on_the_same_day(day: str, years: int) -> str:
    """Return the same month and day in a later year; 1 March for a 29 February that does not exist."""
    later = f"{int(day[:4]) + years:04d}{day[4:]}"
    try:
        return date.fromisoformat(later).isoformat()
    except ValueError:
        return f"{later[:4]}-03-01"
