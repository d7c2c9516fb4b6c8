"""Single figures copied by hand from pages: one per line, with its source."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from schemas.currencies import CURRENCIES
from streams.sources import places
from streams.sources.formats import Format, TableRows, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, validated
from streams.sources.statistics.figure import Figure, number, published, units, whole_year, year_of
from streams.sources.texts import day_of, required_day, tidy

_SOURCE = "urn:transcription:published-figures"

_PATENTS_AND_MARKS = {"rights": ["invention", "utility_model", "design", "trademark"]}
_INVENTION = {"right": "invention"}
_PATENTS = {"rights": ["invention", "utility_model", "design"]}
_STOCKS = frozenset(["in_force", "high_value", "high_value_per_10k", "in_force_per_10k", "population", "trademarks"])
_IN_REGISTER = frozenset(
    ["grants", "filings", "in_force", "trademarks", "trademark_filings", "trademark_registrations"]
)
_RIGHTS: dict[str, Mapping[str, Any]] = {
    "patents": _PATENTS,
    "patent": _PATENTS,
    "invention_patents": _INVENTION,
    "invention_patent": _INVENTION,
    "invention": _INVENTION,
    "utility_models": {"right": "utility_model"},
    "utility_model": {"right": "utility_model"},
    "designs": {"right": "design"},
    "design": {"right": "design"},
}
_METRICS: dict[str, tuple[str, Mapping[str, Any]]] = {
    **{f"{name}_granted": ("grants", right) for name, right in _RIGHTS.items()},
    **{f"{name}_grants": ("grants", right) for name, right in _RIGHTS.items()},
    **{f"{name}_applications": ("filings", right) for name, right in _RIGHTS.items()},
    **{f"valid_{name}": ("in_force", right) for name, right in _RIGHTS.items()},
    **{f"{name}_in_force": ("in_force", right) for name, right in _RIGHTS.items()},
    "patent_and_trademark_pledge_financing_amount": ("pledge_amount", _PATENTS_AND_MARKS),
    "patent_and_trademark_pledge_financing_projects": ("pledges", _PATENTS_AND_MARKS),
    "patent_and_trademark_pledge_registrations": ("pledges", _PATENTS_AND_MARKS),
    "patent_pledge_financing_amount": ("pledge_amount", _PATENTS),
    "patent_pledge_registrations": ("pledges", _PATENTS),
    "trademark_pledge_financing_amount": ("pledge_amount", {"right": "trademark"}),
    "trademark_pledge_registrations": ("pledges", {"right": "trademark"}),
    "trademark_applications": ("trademark_filings", {}),
    "trademarks_registered": ("trademark_registrations", {}),
    "trademark_registrations": ("trademark_registrations", {}),
    "valid_trademarks": ("trademarks", {}),
    "valid_invention_patents_domestic_excl_HK_MO_TW": ("in_force", _INVENTION),
    "valid_invention_patents_per_10000_inhabitants": ("in_force_per_10k", _INVENTION),
    "high_value_invention_patents": ("high_value", _INVENTION),
    "high_value_invention_patents_per_10000_inhabitants": ("high_value_per_10k", _INVENTION),
    "pct_applications": ("pct_filings", {}),
    "genai_patent_families_published": ("genai_families", {}),
    "resident_population_year_end": ("population", {}),
    "resident_population_census": ("population", {}),
}
_POWERS = {"100": 2, "1000": 3, "10000": 4, "thousand": 3, "million": 6, "billion": 9}
_DAY = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]").search
_ALL_OWNERS = " (all owners)"
_BOUNDS = {
    "above": "more than|over|above|exceeding|greater than|>",
    "at_least": "at least|no less than|not less than|no fewer than|>=|≥",
    "below": "less than|fewer than|under|below|<",
    "at_most": "at most|up to|no more than|not more than|<=|≤",
    "nearly": "nearly|almost|close to|just under",
}
_BOUND = re.compile(
    "|".join(f"(?P<{bound}>{words})" for bound, words in reversed(_BOUNDS.items()))
    + "|(?P<about>about|around|approximately|some|roughly|~)",
    re.IGNORECASE,
).match
_WITH_PLUS = re.compile(r"(.*[0-9])\s*\+").fullmatch
_PART = re.compile(r"([0-9]{4})[- ]?([HQ])([1-4])(?:[- ]{1,3}([HQ])?([1-4]))?", re.IGNORECASE).fullmatch
_PART_FIRST = re.compile(r"([HQ][1-4](?:[- ]{1,3}[HQ]?[1-4])?) ([0-9]{4})", re.IGNORECASE).fullmatch
_MONTHS = re.compile(r"([0-9]{4})-([01][0-9])(?:/([0-9]{4})-([01][0-9]))?").fullmatch


class _Line(BaseModel):
    """The columns that are used; `yoy_percent` is prose. `precision` may be missing: the unit to which the value is
    rounded, in the unit of the value."""

    indicator: str
    geography: str
    period: str
    value: str
    unit: str
    stated_by: str
    source_page: str = ""
    source_address: str = ""
    precision: str = ""


def read(content: bytes) -> Iterator[Figure]:
    """Yield the figure in one line. Raise Skip for an indicator without a metric."""
    line = validated(_Line, content, "a line of figures")
    if line.indicator not in _METRICS:
        raise Skip(SkipReason.NO_METRIC, f"{line.indicator} ({line.unit})")
    metric, data = _METRICS[line.indicator]
    what = f"{line.indicator.replace('_', ' ')}, {line.geography}, {line.period}"
    bound, printed = _bound(line.value)
    decimal = number(printed, what)
    value, last_digit = units(decimal, _power(line.unit))
    first, last = _period(line.period)
    yield Figure(
        source=_SOURCE,
        subject=f"figure/transcribed/{line.indicator}/{line.geography}/{line.period}",
        figure=f"{what}: {line.value} {line.unit.replace('_', ' ')}",
        metric=metric,
        period=(None if metric in _STOCKS else first, last),
        value=value,
        precision=_precision(line, printed, last_digit, what),
        publisher=line.stated_by[:64].rstrip(),
        document=tidy(f"{line.source_page} {line.source_address}") or line.stated_by,
        published_on=_published_on(line.source_page),
        more={**data, **_whose(line.geography, metric), "currency": _currency(line.unit), "bound": bound},
    )


def _bound(text: str) -> tuple[str | None, str]:
    """Return the bound that words before a number, or a plus after it, make of it, and the number."""
    text = text.strip()
    if match := _WITH_PLUS(text):
        return "above", match[1]
    match = _BOUND(text)
    if match is None:
        return None, text
    return None if match.lastgroup == "about" else match.lastgroup, text[match.end() :].strip()


def _precision(line: _Line, printed: str, last_digit: str, what: str) -> str | None:
    """Return the precision that the line gives; else that of the last digit, unless it is a zero without a point, or
    the value is `about` a number: then it is not known."""
    if line.precision:
        return units(number(line.precision, f"{what}: its precision"), _power(line.unit))[0]
    rough = printed != line.value.strip() and _bound(line.value)[0] is None
    return None if rough or ("." not in printed and printed.endswith("0") and printed != "0") else last_digit


def _published_on(page: str) -> date | None:
    """Return the first date in the name of a page. Raise Unreadable if the calendar does not have it."""
    match = _DAY(page)
    return required_day(match[0], "source_page") if match else None


def _whose(geography: str, metric: str) -> dict[str, str]:
    """Return whose rights are counted: those of a place's residents; those of all owners belong to a register. Figures
    of China and its provinces count CNIPA's register, not what residents own abroad."""
    if geography == "World":
        return {}
    name = geography.removesuffix(_ALL_OWNERS)
    region = places.country_named(name) or places.subdivision("CN", name)
    if region is None:
        raise Unreadable(f"geography {geography[:64]!r}: it must be a country, a province of China, or World")
    if geography.endswith(_ALL_OWNERS):
        return {"office": region}
    return {"region": region} | ({"office": "CN"} if region[:2] == "CN" and metric in _IN_REGISTER else {})


def _period(text: str) -> tuple[date, date]:
    """Return the period of `2022`, `2014-2023`, `2021-12-31`, `2024-H1`, `2024-Q1-Q3`, `2024-05` or `2024-01/2024-10`.
    Raise Unreadable."""
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


def _power(unit: str) -> int:
    """Return the number of zeros of a unit: 8 for `CNY_100_million`, 0 for `patents_per_10000`."""
    return sum(_POWERS.get(word, 0) for word in unit.partition("_per_")[0].split("_"))


def _currency(unit: str) -> str | None:
    code = unit.partition("_")[0]
    return code if code in CURRENCIES else None


def _events(figure: Figure, reading: Reading) -> Iterator[Imported]:
    yield published(figure)
    reading.counts[f"figure of {figure.metric}"] += 1


_HEADER = b"indicator,geography,period,value,unit"
FORMAT = Format("published-figures", begins(_HEADER), TableRows(_HEADER), read)
published_figures = each((FORMAT,), _events)
