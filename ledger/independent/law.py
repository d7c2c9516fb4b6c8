"""The term of a patent, a second reading of the law, with a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def term_end(grant: dict[str, Any], filed_on: str | None) -> str | None:
    """Return the first day after a patent's term, unless an event adjusts it; None if no rule gives one."""
    office, right, granted_on = grant["office"], grant["right"], grant["occurred_on"]
    if office == "US":
        return _in_the_us(right, filed_on, granted_on, grant)
    if filed_on is None:
        return None
    if office == "JP" and right == "utility_model" and filed_on < "1994-01-01":
        return min(day_after(on_the_same_day(granted_on, 10)), day_after(on_the_same_day(filed_on, 15)))
    if office in ("JP", "KR") and right == "design" and (registered := _from_registration(office, filed_on)):
        return day_after(on_the_same_day(granted_on, registered))
    years = _years_from_filing(office, right, filed_on, granted_on)
    if not years:
        return None
    if (office, right) == ("DE", "utility_model"):
        month = date(int(filed_on[:4]), int(filed_on[5:7]), 1)
        first_of_the_next = (month + timedelta(31)).replace(day=1)
        return on_the_same_day(first_of_the_next.isoformat(), years)
    # The filing date is the first day of the term in China, Taiwan and the United Kingdom.
    end = on_the_same_day(filed_on, years)
    return end if office in ("CN", "TW", "GB") else day_after(end)


def _from_registration(office: str, filed_on: str) -> int:
    if office == "KR":
        return 15 if filed_on < "2014-07-01" else 0
    return 15 if filed_on < "2007-04-01" else 20 if filed_on < "2020-04-01" else 0


def _years_from_filing(office: str, right: str, filed_on: str, granted_on: str) -> int | None:
    if right == "invention":
        return 15 if office == "CN" and filed_on <= "1986-12-11" else 20
    if right == "utility_model":
        return {
            "CN": 8 if filed_on < "1993-01-01" else 10,
            "JP": 6 if filed_on < "2005-04-01" else 10,
            "KR": 15 if filed_on < "1999-07-01" else 10,
            "TW": 12 if granted_on < "2004-07-01" else 10,
            "DE": 10,
        }.get(office)
    if right == "design":
        return {
            "CN": 8 if filed_on < "1993-01-01" else 10 if filed_on < "2021-06-01" else 15,
            "JP": 25,
            "KR": 20,
            "TW": 12 if filed_on <= "2007-11-01" else 15,
        }.get(office)
    return None


def undated_disclaimer(grant: dict[str, Any]) -> bool:
    """Return whether a part of the term is disclaimed, from a day that the grant does not give."""
    return bool(grant.get("terminal_disclaimer")) and not grant.get("disclaimed_after")


def _in_the_us(right: str, filed_on: str | None, granted_on: str | None, grant: dict[str, Any]) -> str | None:
    if right == "utility_model":
        return None
    original = grant.get("reissue_of") or {}
    if original:
        filed_on, granted_on = original["filed_on"], original.get("granted_on")
    whole = (
        _of_a_us_design(filed_on, granted_on, grant)
        if right == "design"
        else _of_a_us_patent(filed_on, granted_on, grant)
    )
    cut = day_after(grant["disclaimed_after"]) if grant.get("disclaimed_after") else None
    return min((end for end in (whole, cut) if end), default=None)


def _of_a_us_design(filed_on: str | None, granted_on: str | None, grant: dict[str, Any]) -> str | None:
    if granted_on is None:
        return None
    if grant.get("term_months"):
        years, months = divmod(int(grant["term_months"]), 12)
        month = int(granted_on[5:7]) + months
        later = f"{int(granted_on[:4]) + years + (month > 12):04d}-{(month - 1) % 12 + 1:02d}{granted_on[7:]}"
        try:
            return day_after(later)
        except ValueError:  # a day that the month lacks: the first of the next one
            return day_after((date.fromisoformat(f"{later[:7]}-28") + timedelta(4)).replace(day=1).isoformat())
    if filed_on is None and granted_on >= "2015-05-13":
        return None
    return day_after(on_the_same_day(granted_on, 14 if filed_on is None or filed_on < "2015-05-13" else 15))


def _of_a_us_patent(filed_on: str | None, granted_on: str | None, grant: dict[str, Any]) -> str | None:
    from_grant = day_after(on_the_same_day(granted_on, 17)) if granted_on else ""
    if granted_on and granted_on < "1978-06-08":  # over by 1995-06-08, when terms began to count from filing
        return from_grant
    claimed = grant.get("earliest_filed_on")
    if filed_on is None and claimed is None:
        return None
    begin = min(day for day in (filed_on, claimed) if day)
    last = date.fromisoformat(on_the_same_day(begin, 20)) + timedelta(grant.get("term_adjustment_days") or 0)
    from_filing = day_after(last.isoformat())
    return max(from_filing, from_grant) if (filed_on or claimed or "") < "1995-06-08" else from_filing


def day_after(day: str) -> str:
    """Return the next day."""
    return (date.fromisoformat(day) + timedelta(1)).isoformat()


def day_before(day: str) -> str:
    """Return the day before."""
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


def on_the_same_day(day: str, years: int) -> str:
    """Return the same month and day in a later year; 1 March for a 29 February that does not exist."""
    later = f"{int(day[:4]) + years:04d}{day[4:]}"
    try:
        return date.fromisoformat(later).isoformat()
    except ValueError:
        return f"{later[:4]}-03-01"
