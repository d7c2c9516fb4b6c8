"""The period of a figure: `2022`, `2024-H1`, `2024年前三季度`, `January to October 2024`, `end of 2023`.

A period is one span, or two of the same kind with a word such as `to` between them; of the two, one may leave out what
the other has: `2024年1-10月`. What does not give its first and last day is refused by name.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from streams.sources.results import Unreadable
from streams.sources.statistics.figure import whole_year, year_of
from streams.sources.texts import day_of, with_plain_letters


class Period(NamedTuple):
    """The first and the last day; `until` is true if the text only gives the last one: `截至2024年6月底`."""

    first: date
    last: date
    until: bool = False


class _Span(NamedTuple):
    """A period without words around it; `kind` is `year`, `half`, `quarter`, `month` or `day`."""

    kind: str
    first: date
    last: date


# fmt: off
_MONTH_NAMES = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth")
_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
# fmt: on
_MONTH = rf"({'|'.join(_MONTH_NAMES)})\.?"
_Y, _YY = "((?:19|20|21)[0-9]{2})", "('?[0-9]{2}|(?:19|20|21)[0-9]{2})"
_NUMBER = rf"({'|'.join((*_COUNTS, *_ORDINALS, *_CHINESE[::-1]))}|两|[0-9]{{1,2}})"


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return next((words.index(text) + 1 for words in (_COUNTS, _ORDINALS, _CHINESE) if text in words), 2)


def _year(text: str) -> int:
    return year_of(text if len(text) == 4 else f"20{text[-2:]}")


def _part(unit: str, year: str, number: str) -> _Span:
    months, last = (6 if unit == "h" else 3), _number(number)
    if not 1 <= last * months <= 12:
        raise Unreadable(f"{unit.upper()}{last}: no part of a year")
    begin = date(_year(year), (last - 1) * months + 1, 1)
    return _Span("half" if unit == "h" else "quarter", begin, _end_of_month(begin.year, last * months))


def _month(year: str, month: str) -> _Span:
    number = next((n for n, name in enumerate(_MONTH_NAMES, 1) if re.fullmatch(name, month)), 0) or _number(month)
    if not 1 <= number <= 12:
        raise Unreadable(f"month {month}: it must be from 1 to 12")
    return _Span("month", date(_year(year), number, 1), _end_of_month(_year(year), number))


def _since_january(year: str, months: int) -> _Span:
    if not 1 <= months <= 12:
        raise Unreadable(f"the first {months} months: a year has 12")
    return _Span("since January", date(_year(year), 1, 1), _end_of_month(_year(year), months))


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _named_day(day: str, month: str, year: str) -> _Span:
    begin = _month(year, month).first
    return _day(f"{begin:%Y-%m}-{int(day):02}")


def _day(text: str) -> _Span:
    day = day_of(text)
    if day is None:
        raise Unreadable(f"day {text[:32]!r}: it must be in the calendar, from 1900 on")
    return _Span("day", day, day)


def _plan(number: str) -> _Span:
    """Return the years of one of China's five-year plans: the sixth began in 1981."""
    begin = 1981 + 5 * (_number(number.removeprefix("十") or "十") + 10 * (len(number) == 2) - 6)
    return _Span("years", date(begin, 1, 1), date(begin + 4, 12, 31))


_FORMS: tuple[tuple[str, Callable[..., _Span]], ...] = (
    (rf"{_Y}年?", lambda year: _Span("year", *whole_year(_year(year)))),
    (rf"{_Y}年?([上下])半年?", lambda year, half: _part("h", year, str("上下".index(half) + 1))),
    (rf"{_Y}[年 -]?([hq])([1-4])", lambda year, unit, number: _part(unit, year, number)),
    (rf"([hq])([1-4])(?: of)?[ -]?{_YY}", lambda unit, number, year: _part(unit, year, number)),
    (rf"([1-4])([hq])(?: of)?[ -]?{_YY}", lambda number, unit, year: _part(unit, year, number)),
    (rf"{_NUMBER}(?:st|nd|rd|th)?[ -](half|quarter)(?: of)? {_Y}", lambda n, unit, year: _part(unit[0], year, n)),
    (rf"{_Y}年?第?{_NUMBER}季度?", lambda year, number: _part("q", year, number)),
    (rf"{_Y}年?前{_NUMBER}个?季度", lambda year, last: _since_january(year, 3 * _number(last))),
    (rf"{_Y}年?前{_NUMBER}个?月", lambda year, last: _since_january(year, _number(last))),
    (rf"(?:first )?{_NUMBER} months (?:of|in) {_Y}", lambda last, year: _since_january(year, _number(last))),
    (rf"first {_NUMBER} quarters (?:of|in) {_Y}", lambda last, year: _since_january(year, 3 * _number(last))),
    (rf"{_Y}年([0-9]{{1,2}})月份?", _month),
    (rf"{_Y}[-.]([0-9]{{1,2}})", _month),
    (rf"{_MONTH},? {_Y}", lambda month, year: _month(year, month)),
    (rf"([0-9]{{1,2}})(?:st|nd|rd|th)? {_MONTH},? {_Y}", _named_day),
    (rf"{_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?,? {_Y}", lambda month, day, year: _named_day(day, month, year)),
    (r"([12][0-9]{3}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{4}|年[0-9]{1,2}月[0-9]{1,2}日))", _day),
    (r"[\"“]?(十?[一二三四五六七八九]|十)五[\"”]?(?:规划)?(?:期间|时期)?", _plan),
)
_SPANS = [(re.compile(words).fullmatch, form) for words, form in _FORMS]

_FULL_YEAR = re.compile(
    r"^(?:for|in|during|from|between) |^the |^(?:calendar|full)[ -]year |^(?:whole )?(?:of )?year |^cy ?(?=[12])|"
    r"^whole of |(?<=[0-9年])(?:全年|年度|度)$|[ -](?:full|calendar)[ -]year$"
)
_UNTIL = re.compile(r"^(?:as (?:of|at)|by|at|up to|until)(?: the)? |^截[至止]到?|^[至到]")
_END = re.compile(
    r"^(?:the )?(?:year[ -])?(?:end|close)[ -](?:of )?(?:the )?(?:year )?|(?:(?<=年)年)?[底末]$|[ -]year[ -]end$"
)
_TO = re.compile(r" ?(?:[-/~\u2010-\u2015\u2212\u301c至到]|\bto\b|\bthrough\b|\bthru\b|\band\b) ?")
_NO_TO = re.compile(r"([hq])([1-4]) ?[-\u2010-\u2015] ?([1-4])(?= )")
_FISCAL = re.compile(r".*(?:\bfy ?[0-9]|fiscal|财年|财政年度)|[0-9]{4}/[0-9]{2}$|[0-9]{4}-(?:1[3-9]|[2-9][0-9])$").match
_OPEN = re.compile(
    "以来|至今|迄今|目前|以前|之前|以后|to date|ytd|so far|^(?:since|before|after|until|up to) |now|present"
).search
_CHINESE_YEAR = re.compile("[〇零一二三四五六七八九]{4}(?=年)").sub
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SPACE_AT_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])").sub


def period_of(printed: str) -> Period:
    """Return the period of a text. Raise Unreadable."""
    text = _SPACE_AT_CHINESE("", " ".join(with_plain_letters(printed).lower().split()))
    text = _CHINESE_YEAR(lambda year: year[0].translate(_CHINESE_DIGITS), text)
    if _FISCAL(text):
        raise _unreadable(printed, "a fiscal year begins on another day in each country: give months, 2022-10/2023-09")
    if span := _one(text):
        return Period(span.first, span.last, until=any(words.search(text) for words in (_UNTIL, _END)))
    if span := _spanned(text.removeprefix("since ")):
        return Period(span.first, span.last)
    if _OPEN(text):
        raise _unreadable(printed, "it has no first or no last day: give both, as 2018-2023")
    if not re.search("[12][0-9]{3}", text):
        raise _unreadable(printed, "it names no year")
    raise _unreadable(printed, "it must be like 2023, 2024-H1, 2024-01/2024-10 or 2024-06-30")


def _unreadable(printed: str, why: str) -> Unreadable:
    return Unreadable(f"period {printed[:32]!r}: {why}")


def _one(text: str) -> _Span | None:
    """Return the span of a text without its words for a whole year or an end; None if it has no form of one."""
    plain = _END.sub("", _UNTIL.sub("", text))
    while (shorter := _FULL_YEAR.sub("", plain)) != plain:
        plain = shorter
    return next((form(*match.groups()) for fits, form in _SPANS if (match := fits(plain))), None)


def _spanned(text: str) -> _Span | None:
    """Return the span from one to another of the same kind, the earlier one first; None if the text has none."""
    text = _NO_TO.sub(r"\1\2 to \1\3", text)
    for separator in _TO.finditer(text):
        for first, last in _completed(text[: separator.start()], text[separator.end() :]):
            begin, end = _one_or_none(first), _one_or_none(last)
            if begin and end and begin.kind == end.kind:
                if begin.first > end.first:
                    raise Unreadable(f"period {text[:32]!r}: the earlier part must be first")
                return _Span("range", begin.first, end.last)
    return None


def _one_or_none(text: str) -> _Span | None:
    try:
        return _one(text)
    except Unreadable:
        return None


def _completed(first: str, last: str) -> Iterator[tuple[str, str]]:
    """Yield both parts of a range, each with the year or the unit that only the other one has."""
    yield first, last
    year_before, year_behind = re.match("[0-9]{4}(?=[年 -]|[hq])年?", first), re.search("[0-9]{4}$", last)
    unit = re.search(r"(?:个?月|季度)份?$", last)
    if year_before:
        yield first, year_before[0] + last
        yield first, f"{year_before[0]} {last}"
        if unit:
            yield first + unit[0], year_before[0] + last
    if year_behind:
        yield f"{first} {year_behind[0]}", last
