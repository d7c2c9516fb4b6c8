"""Texts and days as office files write them."""

from __future__ import annotations

import re
from datetime import date

from schemas.values import FIRST_DAY, LAST_DAY
from streams.sources.results import Unreadable

LONGEST_TEXT = 2000

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5}
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/]?(?P<month>[0-9]{2})[-/]?(?P<day>[0-9]{2})|[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})|"
    r"年(?P<mo>[0-9]{1,2})月(?P<da>[0-9]{1,2})日)(?:[TZ+-].*)?"
).fullmatch
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})").fullmatch
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})").fullmatch
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})(?:UARY|RUARY|CH|IL|E|Y|UST|TEMBER|T|OBER|EMBER)?\.?"
_MONTH_IN_WORDS = re.compile(
    rf"(?:(?P<day>[0-9]{{1,2}})[- ]?{_MONTH}|{_MONTH.replace('month', 'm')} (?P<d>[0-9]{{1,2}}))[-, ]{{0,2}}"
    r"(?P<year>[0-9]{4})"
).fullmatch
_TIME = re.compile(r"\s+[0-9]{1,2}:[0-9]{2}[0-9:. APMZ+-]*$").sub
_NO_DAY = re.compile(
    r"\s*(?:[0\s:./TZ-]*|0{1,3}1-?01-?01.*|0?1[-/.]0?1[-/.]0001|none|n/?a|null)", re.IGNORECASE
).fullmatch


def tidy(text: str | None) -> str | None:
    """Return the text on one line, cut at 2,000 characters; None if it is empty or a word for null."""
    line = " ".join((text or "").split())[:LONGEST_TEXT].rstrip()
    return None if line in ("", "null", "NULL") else line


def with_plain_letters(text: str) -> str:
    """Return the text with the full-width forms of Chinese keyboards as ASCII: `２０２３` is 2023. Digits of another
    kind stay, since `14000①` has a mark of a footnote behind 14000."""
    return text.translate(_FULL_WIDTH).strip()


def person(text: str) -> str:
    """Return `Lovelace; Ada` as Ada Lovelace; a name without two parts unchanged."""
    last, _, first = text.partition(";")
    return f"{first.strip()} {last.strip()}" if first.strip() and ";" not in first else text


def day_of(text: str | None) -> date | None:
    """Return the day of `20180619`, `2018-06-19`, `2018-06-19T00:00:00Z`, `2018/6/19`, `2018年6月19日`, `06-19-2018`
    (month first, as in the US), `19.06.2018` (day first), `19jun2018` or `June 19, 2018`, without a time behind it;
    None if it is not valid in an event."""
    given = _TIME("", text or "")
    if match := _YEAR_FIRST(given):
        year, month, day = filter(None, match.groups())
    elif match := _DAY_FIRST(given):
        day, month, year = match.groups()
    elif match := _YEAR_LAST(given):
        month, day, year = match.groups()
    elif match := _MONTH_IN_WORDS(given.upper()):
        month, day, year = (
            str(_MONTHS.index(match["month"] or match["m"]) + 1),
            match["day"] or match["d"],
            match["year"],
        )
    else:
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def is_a_day_given(text: str | None) -> bool:
    """Return whether a text is there that means a day: zeros, days of the year 1 and `NONE` mean none."""
    return _NO_DAY(text or "") is None


def required_day(text: str | None, what: str) -> date:
    """Return the day, or raise Unreadable with `what` it is, for people."""
    day = day_of(text)
    if day is None:
        raise Unreadable(f"{what}: {text and text[:32]!r} is not a day from 1900 on")
    return day


def iso_day(text: str | None) -> str | None:
    """Return the day as `2018-06-19`, or None."""
    day = day_of(text)
    return day.isoformat() if day else None
