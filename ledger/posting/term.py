"""The statutory term of a patent, if no event adjusts it."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.posting.cells import RIGHTS

INVENTION, UTILITY_MODEL, DESIGN, PLANT = (RIGHTS[right] for right in ("invention", "utility_model", "design", "plant"))
_CN_YEARS = {INVENTION: 20, UTILITY_MODEL: 10}
_CN_DESIGNS_15 = 20_210_601
_US_DESIGNS_15 = 20_150_513
_US_FROM_FILING = 19_950_608
_US_17_EXPIRED = 19_780_608
_TEN_YEARS = ("JP", "KR", "TW")


def term_end(office: str | None, right: int | None, filed_on: int | None, granted_on: int) -> int | None:
    """Return the first day after a patent's term, YYYYMMDD; None if no rule gives one.

    China, where the filing date is the first day of the term: 20, 10 and 15 years (Patent Law 2020 Art. 42; Guidelines
    for Patent Examination V.9 2.1), designs filed before 2021-06-01 10 (CNIPA Announcement 423 of 2021, Art. 10). US:
    20 years from filing (35 U.S.C. 154(a)(2)), of applications before 1995-06-08 or 17 from grant if that is longer
    (154(c)(1); 17 alone where it had ended by then), designs 15 from grant, 14 if filed before 2015-05-13 (173).
    Elsewhere inventions 20 from filing (TRIPS Art. 33; EPC Art. 63); utility models 10 in JP (Utility Model Act Art.
    15), KR (Utility Model Act Art. 22) and TW (Patent Act Art. 114). Terms of other utility models, designs and plant
    varieties depend on office and renewals, and a US continuation's term runs from its parent application:
    `patent.term_adjusted` gives these.
    """
    if office == "CN" and right in (INVENTION, UTILITY_MODEL, DESIGN):
        if filed_on is None:
            return None
        years = _CN_YEARS.get(right) or (10 if filed_on < _CN_DESIGNS_15 else 15)
        return _after(filed_on, years)
    if office == "US" and right in (INVENTION, DESIGN, PLANT):
        return _us_term_end(right, filed_on, granted_on)
    years = 20 if right == INVENTION else 10 if right == UTILITY_MODEL and office in _TEN_YEARS else 0
    return next_day(_after(filed_on, years)) if years and filed_on is not None else None


def _us_term_end(right: int, filed_on: int | None, granted_on: int) -> int | None:
    if right == DESIGN:
        long = filed_on is not None and filed_on >= _US_DESIGNS_15
        if not long and filed_on is None and granted_on >= _US_DESIGNS_15:
            return None
        return next_day(_after(granted_on, 15 if long else 14))
    if granted_on < _US_17_EXPIRED:
        return next_day(_after(granted_on, 17))
    if filed_on is None:
        return None
    from_filing = next_day(_after(filed_on, 20))
    return max(from_filing, next_day(_after(granted_on, 17))) if filed_on < _US_FROM_FILING else from_filing


def next_day(day: int) -> int:
    """Return the day after a day, both YYYYMMDD."""
    after = date(day // 10_000, day // 100 % 100, day % 100) + timedelta(1)
    return after.year * 10_000 + after.month * 100 + after.day


def _after(day: int, years: int) -> int:
    """Return the same month and day `years` later; 1 March for 29 February in a common year."""
    later = day + years * 10_000
    year = later // 10_000
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year * 10_000 + 301 if later % 10_000 == 229 and not leap else later
