"""The statutory term of a patent, if no event adjusts it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from ledger.posting.cells import RIGHTS

INVENTION, UTILITY_MODEL, DESIGN, PLANT = (RIGHTS[right] for right in ("invention", "utility_model", "design", "plant"))
_EVER = 99_999_999
_US_DESIGNS_15 = 20_150_513
_US_FROM_FILING = 19_950_608
_US_17_EXPIRED = 19_780_608
_MONTH, _DAY_BEFORE, _ANNIVERSARY = "month", "day before", "anniversary"


class TermRule(NamedTuple):
    """The term of patents filed before a day and granted before another, to which no rule above it applies.

    `from_grant` and `from_filing` are years, 0 for none; if both are given the earlier end counts.
    """

    filed_before: int
    from_filing: int
    from_grant: int
    law: str
    granted_before: int = _EVER


class OfficeTerms(NamedTuple):
    """The terms of an office's right. `last_day` of a term from filing is the anniversary of the filing, the day before
    (where the filing day is the first of the term), or the end of that month."""

    last_day: str
    rules: tuple[TermRule, ...]


_INVENTIONS = (TermRule(_EVER, 20, 0, "TRIPS Art. 33; EPC Art. 63"),)
TERMS: Final[Mapping[tuple[str, int], OfficeTerms]] = {
    ("CN", INVENTION): OfficeTerms(
        _DAY_BEFORE,
        (
            TermRule(19_861_212, 15, 0, "Patent Law 1984 Art. 45: over before 2001-12-11"),
            TermRule(_EVER, 20, 0, "Patent Law Art. 42; earlier ones in force on 2001-12-11: SIPO Announcement 80"),
        ),
    ),
    ("CN", UTILITY_MODEL): OfficeTerms(
        _DAY_BEFORE,
        (
            TermRule(19_930_101, 8, 0, "Patent Law 1984 Art. 45: 5, and 3 more on request"),
            TermRule(_EVER, 10, 0, "Patent Law Art. 42"),
        ),
    ),
    ("CN", DESIGN): OfficeTerms(
        _DAY_BEFORE,
        (
            TermRule(19_930_101, 8, 0, "Patent Law 1984 Art. 45: 5, and 3 more on request"),
            TermRule(20_210_601, 10, 0, "Patent Law 2008 Art. 42; CNIPA Announcement 423 of 2021"),
            TermRule(_EVER, 15, 0, "Patent Law Art. 42"),
        ),
    ),
    ("JP", UTILITY_MODEL): OfficeTerms(
        _ANNIVERSARY,
        (
            TermRule(19_940_101, 15, 10, "Utility Model Act before 1994 Art. 15: 10 from publication, 15 at most"),
            TermRule(20_050_401, 6, 0, "Utility Model Act 1993 Art. 15"),
            TermRule(_EVER, 10, 0, "Utility Model Act Art. 15, by Act 79 of 2004"),
        ),
    ),
    ("JP", DESIGN): OfficeTerms(
        _ANNIVERSARY,
        (
            TermRule(20_070_401, 0, 15, "Design Act before 2007 Art. 21: from registration"),
            TermRule(20_200_401, 0, 20, "Design Act 2006 Art. 21: from registration"),
            TermRule(_EVER, 25, 0, "Design Act Art. 21"),
        ),
    ),
    ("KR", UTILITY_MODEL): OfficeTerms(
        _ANNIVERSARY,
        (
            TermRule(19_990_701, 15, 0, "Utility Model Act before 1999: 15 at most"),
            TermRule(_EVER, 10, 0, "Utility Model Act Art. 22"),
        ),
    ),
    ("KR", DESIGN): OfficeTerms(
        _ANNIVERSARY,
        (
            TermRule(20_140_701, 0, 15, "Design Protection Act before 2014: from registration"),
            TermRule(_EVER, 20, 0, "Design Protection Act Art. 91"),
        ),
    ),
    ("TW", INVENTION): OfficeTerms(_DAY_BEFORE, (TermRule(_EVER, 20, 0, "Patent Act Arts. 20 and 52"),)),
    ("TW", UTILITY_MODEL): OfficeTerms(
        _DAY_BEFORE,
        (
            TermRule(_EVER, 12, 0, "Patent Act before 2004-07-01, of models granted until then", 20_040_701),
            TermRule(_EVER, 10, 0, "Patent Act Arts. 20 and 114"),
        ),
    ),
    ("TW", DESIGN): OfficeTerms(
        _DAY_BEFORE,
        (
            TermRule(20_071_102, 12, 0, "Patent Act before 2019 Art. 135: over before 2019-11-01"),
            TermRule(_EVER, 15, 0, "Patent Act Arts. 20 and 135"),
        ),
    ),
    ("GB", INVENTION): OfficeTerms(_DAY_BEFORE, (TermRule(_EVER, 20, 0, "Patents Act 1977 s. 25(1)"),)),
    ("DE", UTILITY_MODEL): OfficeTerms(
        _MONTH, (TermRule(_EVER, 10, 0, "GebrMG s. 23(1): from the end of the month of filing"),)
    ),
}
"""(office, right) -> its terms. `docs/terms.md` shows them. The US has rules of its own, below."""
ANYWHERE_ELSE: Final = OfficeTerms(_ANNIVERSARY, _INVENTIONS)
"""Inventions of other offices; other rights there have terms that depend on renewals."""


def term_end(
    office: str | None, right: int | None, filed_on: int | None, granted_on: int, grant: Mapping[str, Any] | None = None
) -> int | None:
    """Return the first day after a patent's term, YYYYMMDD; None if no rule gives one.

    `grant` has the facts of the grant that a US term depends on, see `_us_term_end`. `patent.term_adjusted` gives terms
    that no rule gives.
    """
    if office == "US":
        return (
            None if right is None or right == UTILITY_MODEL else _us_term_end(right, filed_on, granted_on, grant or {})
        )
    terms = TERMS.get((office or "", right or 0)) or (ANYWHERE_ELSE if right == INVENTION else None)
    if terms is None or filed_on is None:
        return None
    rule = next(rule for rule in terms.rules if filed_on < rule.filed_before and granted_on < rule.granted_before)
    ends = [next_day(_after(granted_on, rule.from_grant))] if rule.from_grant else []
    return min([*ends, _from_filing(filed_on, rule.from_filing, terms.last_day)] if rule.from_filing else ends)


def _from_filing(filed_on: int, years: int, last_day: str) -> int:
    if last_day == _MONTH:
        year, month = filed_on // 10_000 + years, filed_on // 100 % 100
        return next_day(year * 10_000 + month * 100 + monthrange(year, month)[1])
    anniversary = _after(filed_on, years)
    return anniversary if last_day == _DAY_BEFORE else next_day(anniversary)


def _us_term_end(right: int, filed_on: int | None, granted_on: int, grant: Mapping[str, Any]) -> int | None:
    """Return the first day after a US patent's term.

    20 years from filing or from the earliest application whose benefit is claimed (35 U.S.C. 154(a)(2):
    `earliest_filed_on`), and the days of adjustment (154(b)). Of applications before 1995-06-08 also 17 from grant if
    that is later (154(c)(1); 17 alone where it had ended by then). Designs: 15 from grant, 14 if filed before
    2015-05-13 (173), or as printed (`term_months`). A reissue has the rest of the original's term (251). Nothing
    extends a term beyond `disclaimed_after` (253).
    """
    if original := grant.get("reissue_of"):
        filed_on, granted_on = original["filed_on"], original.get("granted_on")
    end = (
        _us_design_end(filed_on, granted_on, grant) if right == DESIGN else _us_patent_end(filed_on, granted_on, grant)
    )
    last = grant.get("disclaimed_after")
    return end if last is None else min(next_day(last), end or _EVER)


def _us_design_end(filed_on: int | None, granted_on: int | None, grant: Mapping[str, Any]) -> int | None:
    if granted_on is None:
        return None
    if months := grant.get("term_months"):
        return next_day(_after(granted_on, 0, months))
    long = filed_on is not None and filed_on >= _US_DESIGNS_15
    if not long and filed_on is None and granted_on >= _US_DESIGNS_15:
        return None
    return next_day(_after(granted_on, 15 if long else 14))


def _us_patent_end(filed_on: int | None, granted_on: int | None, grant: Mapping[str, Any]) -> int | None:
    if granted_on is not None and granted_on < _US_17_EXPIRED:
        return next_day(_after(granted_on, 17))
    days = [day for day in (filed_on, grant.get("earliest_filed_on")) if day is not None]
    if not days:
        return None
    from_filing = next_day(_after(min(days), 20), 1 + grant.get("term_adjustment_days", 0))
    if granted_on is None or days[0] >= _US_FROM_FILING:
        return from_filing
    return max(from_filing, next_day(_after(granted_on, 17)))


def next_day(day: int, days: int = 1) -> int:
    """Return the day after a day, or a number of days later, both YYYYMMDD."""
    after = date(day // 10_000, day // 100 % 100, day % 100) + timedelta(days)
    return after.year * 10_000 + after.month * 100 + after.day


def _after(day: int, years: int, months: int = 0) -> int:
    """Return the same day some years and months later; 1 March for 29 February in a common year, the first of the
    next month for any other day that a month lacks."""
    month = day // 10_000 * 12 + day // 100 % 100 - 1 + years * 12 + months
    year, month = month // 12, month % 12 + 1
    if day % 100 > 28 and day % 100 > monthrange(year, month)[1]:
        return year * 10_000 + (month + 1) * 100 + 1
    return year * 10_000 + month * 100 + day % 100
