"""The period of a figure: `2022`, `2024-H1`, `2024年前三季度`, `January-October 2024`, `end of 2023`."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from streams.sources.results import Unreadable
from streams.sources.statistics.figure import whole_year, year_of
from streams.sources.texts import day_of

_PART = re.compile(r"([0-9]{4})[- ]?([HQ])([1-4])(?:[- ]{1,3}([HQ])?([1-4]))?", re.IGNORECASE).fullmatch
_PART_FIRST = re.compile(r"([HQ][1-4](?:[- ]{1,3}[HQ]?[1-4])?) ([0-9]{4})", re.IGNORECASE).fullmatch
_MONTHS = re.compile(r"([0-9]{4})-([01][0-9])(?:/([0-9]{4})-([01][0-9]))?").fullmatch

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_TO = r"\s*(?:[-—–~至到]|to)+\s*"


def _number(text: str) -> int:
    return _ORDINALS.get(text.lower()) or int(text)


def _named_month(text: str) -> int:
    return _MONTH_NAMES.index(text.lower()) + 1


_WORDS: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"(?:截至)?([0-9]{4})年?(?:全年|年?底|年?末)?", lambda year: year),
    (r"(?:the )?(?:end[ -](?:of )?|whole of |full[ -]year )([0-9]{4})", lambda year: year),
    (r"([0-9]{4})年(上|下)半年", lambda year, half: f"{year}-H{'上下'.index(half) + 1}"),
    (r"(?:the )?(first|second) half of ([0-9]{4})", lambda half, year: f"{year}-H{_number(half)}"),
    (r"([0-9]{4})年第?([一二三四1-4])季度", lambda year, part: f"{year}-Q{_number(part)}"),
    (r"(?:the )?(first|second|third|fourth) quarter of ([0-9]{4})", lambda part, year: f"{year}-Q{_number(part)}"),
    (r"([0-9]{4})年前([二两三])个?季度", lambda year, last: f"{year}-Q1-Q{2 if last in '二两' else 3}"),
    (r"(?:the )?first (?:three|3) quarters of ([0-9]{4})", lambda year: f"{year}-Q1-Q3"),
    (r"([0-9]{4})年前([0-9]{1,2})个月", lambda year, last: f"{year}-01/{year}-{int(last):02}"),
    (
        rf"([0-9]{{4}})年([0-9]{{1,2}})月?{_TO}([0-9]{{1,2}})月",
        lambda year, first, last: f"{year}-{int(first):02}/{year}-{int(last):02}",
    ),
    (
        rf"{_MONTH}{_TO}{_MONTH} ([0-9]{{4}})",
        lambda first, last, year: f"{year}-{_named_month(first):02}/{year}-{_named_month(last):02}",
    ),
    (r"(?:截至)?([0-9]{4})年([0-9]{1,2})月(?:底|末)?", lambda year, month: f"{year}-{int(month):02}"),
    (rf"(?:(?:the )?end of )?{_MONTH} ([0-9]{{4}})", lambda month, year: f"{year}-{_named_month(month):02}"),
    (
        r"(?:截至)?([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日",
        lambda year, month, day: f"{year}-{int(month):02}-{int(day):02}",
    ),
    (rf"(?:since )?([0-9]{{4}})年?{_TO}([0-9]{{4}})年?", lambda first, last: f"{first}-{last}"),
)
"""The words of Chinese and English releases, and the same period in the form that `period_of` reads."""
_FORMS = [(re.compile(words, re.IGNORECASE).fullmatch, form) for words, form in _WORDS]


def period_of(printed: str) -> tuple[date, date]:
    """Return the first and the last day of `2022`, `2014-2023`, `2021-12-31`, `2024-H1`, `2024-Q1-Q3`, `2024-05`,
    `2024-01/2024-10`, or of one in the words of a release. Raise Unreadable."""
    text = unicodedata.normalize("NFKC", printed).strip()
    text = next((form(*match.groups()) for fits, form in _FORMS if (match := fits(text))), text)
    if day := day_of(text):
        return day, day
    if match := _PART_FIRST(text):
        text = f"{match[2]}-{match[1]}"
    if match := _PART(text):
        return _part_of_a_year(year_of(match[1]), match[2].upper(), int(match[3]), match[4], int(match[5] or match[3]))
    if match := _MONTHS(text):
        year, month, last_year, last_month = match.groups()
        return _months(year_of(year), int(month), year_of(last_year or year), int(last_month or month), text)
    first, _, last = text.partition("-")
    return whole_year(year_of(first))[0], whole_year(year_of(last or first))[1]


def _part_of_a_year(year: int, unit: str, first: int, last_unit: str | None, last: int) -> tuple[date, date]:
    months = 6 if unit == "H" else 3
    if last * months > 12 or first > last or (last_unit or unit).upper() != unit:
        raise Unreadable(f"{unit}{first} to {(last_unit or unit).upper()}{last}: no part of a year")
    return _months(year, (first - 1) * months + 1, year, last * months, str(year))


def _months(year: int, month: int, last_year: int, last_month: int, text: str) -> tuple[date, date]:
    if not (1 <= month <= 12 and 1 <= last_month <= 12) or (last_year, last_month) < (year, month):
        raise Unreadable(f"period {text[:32]!r}: months from 01 to 12, the earlier one first")
    return date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])
