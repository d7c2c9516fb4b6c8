"""Single figures copied by hand from pages: one per line, with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from schemas.currencies import CURRENCIES
from streams.sources import regions
from streams.sources.formats import Format, TableRows, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, validated
from streams.sources.statistics.figure import Figure, number, published, units
from streams.sources.statistics.periods import Period, period_of
from streams.sources.statistics.printed import PrintedNumber, measure_of, number_as_printed
from streams.sources.texts import required_day, tidy

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
_DAY = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)|"
    r"[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)[0-9]{2})(?![0-9])"
).search
_ALL_OWNERS = " (all owners)"
_COMPARED = ("_growth", "_change", "_multiple")
_POWER_OF_TEN = re.compile("10*").fullmatch
_POWERS = {"hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12}
_CHINESE_UNIT = re.compile("(万亿|[千百]?[亿万]|)(元|美元)?[件笔项份户家人个]?").fullmatch
_CHINESE_POWERS = {"万亿": 12, "千亿": 11, "百亿": 10, "亿": 8, "千万": 7, "百万": 6, "万": 4, "": 0}


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
    metric, data = _metric(line)
    what = f"{line.indicator.replace('_', ' ')}, {line.geography}, {line.period}"
    printed = number_as_printed(line.value, what)
    power, currency = _unit(line.unit, printed, what)
    _check_measure(metric, printed, line.unit, currency, what)
    value = units(printed.decimal, power)[0]
    if _is_count(metric) and value.partition(".")[2].strip("0"):
        raise Unreadable(f"{what}: {line.value[:32]!r} of a count is not a whole number")
    yield Figure(
        source=_SOURCE,
        subject=f"figure/transcribed/{line.indicator}/{line.geography}/{line.period}",
        figure=f"{what}: {line.value} {line.unit.replace('_', ' ')}",
        metric=metric,
        period=_days(metric, period_of(line.period), what),
        value=value,
        precision=_precision(line, printed, power, what),
        publisher=line.stated_by[:64].rstrip(),
        document=tidy(f"{line.source_page} {line.source_address}") or line.stated_by,
        published_on=_published_on(line.source_page),
        more={**data, **_whose(line.geography, metric), "currency": currency, "bound": _stated(printed.bound)},
    )


def _metric(line: _Line) -> tuple[str, Mapping[str, Any]]:
    """Return the metric of an indicator, and its rights; `_growth`, `_change` and `_multiple` compare with earlier
    years. Raise Skip for an indicator without a metric."""
    compared = next((ending for ending in _COMPARED if line.indicator.endswith(ending)), "")
    metric, data = _METRICS.get(line.indicator.removesuffix(compared), ("", {}))
    if not metric:
        raise Skip(SkipReason.NO_METRIC, f"{line.indicator} ({line.unit})")
    return metric + compared, data


def _measure(metric: str) -> str:
    return next((metric.removesuffix(ending) for ending in _COMPARED if metric.endswith(ending)), metric)


def _days(metric: str, period: Period, what: str) -> tuple[date | None, date]:
    """Return the days of a period; a stock has the last one only. Raise Unreadable for a flow without its first."""
    if _measure(metric) in _STOCKS:
        return None, period.last
    if period.until:
        raise Unreadable(
            f"{what}: the period does not give the first day of the count, as {period.last.year}-01/... does"
        )
    return period.first, period.last


def _check_measure(metric: str, printed: PrintedNumber, unit: str, currency: str | None, what: str) -> None:
    """Raise Unreadable if the words around a number measure something else than the metric does."""
    measure = printed.measure if printed.measure not in (None, "count") else measure_of(unit)
    compared = next((ending for ending in _COMPARED if metric.endswith(ending)), "")
    allowed = {"_growth": "percent", "_multiple": "times"}.get(compared)
    if measure not in (None, allowed, "per_10k" if metric.removesuffix("_change").endswith("_per_10k") else None):
        raise Unreadable(f"{what}: {metric} is not measured in {measure}")
    if printed.moves and compared not in ("_growth", "_change"):
        raise Unreadable(f"{what}: a rise or a fall is not the value of {metric}")
    if not compared and (currency is None) == metric.endswith("_amount"):
        raise Unreadable(f"{what}: {'an amount without a currency' if currency is None else 'a currency of a count'}")


def _is_count(metric: str) -> bool:
    """Return whether the metric is a number of rights, persons or events."""
    return not metric.endswith(("_amount", "_per_10k", "_growth", "_multiple", "_amount_change", "_per_10k_change"))


def _stated(bound: str | None) -> str | None:
    return None if bound == "about" else bound


def _precision(line: _Line, printed: PrintedNumber, power: int, what: str) -> str | None:
    """Return the precision that the line gives; else that of the last digit, unless it is a zero without a point, or
    the value is `about` a number: then it is not known."""
    if line.precision:
        return units(number(line.precision, f"{what}: its precision"), power)[0]
    return None if printed.is_rounded else units(printed.decimal, power)[1]


def _published_on(page: str) -> date | None:
    """Return the first date in the name of a page. Raise Unreadable if the calendar does not have it."""
    match = _DAY(page)
    return required_day(match[0], "source_page") if match else None


def _whose(geography: str, metric: str) -> dict[str, str]:
    """Return whose rights are counted: those of a region's residents; those of all owners belong to a register. Figures
    of China and its provinces count CNIPA's register, not what residents own abroad."""
    if geography == "World":
        return {}
    name = geography.removesuffix(_ALL_OWNERS)
    region = regions.country_named(name) or regions.subdivision("CN", name) or regions.named_in_chinese(name)
    if region is None:
        raise Unreadable(f"geography {geography[:64]!r}: it must be a country, a province of China, or World")
    if geography.endswith(_ALL_OWNERS):
        return {"office": region}
    return {"region": region} | ({"office": "CN"} if region[:2] == "CN" and _measure(metric) in _IN_REGISTER else {})


def _power(unit: str) -> int:
    """Return the number of zeros of a unit: 8 for `CNY_100_million`, 0 for `patents_per_10000`. Raise Unreadable for a
    number that is not a power of ten."""
    return sum(map(_zeros, unit.partition("_per_")[0].split("_")))


def _zeros(word: str) -> int:
    if _POWER_OF_TEN(word):
        return len(word) - 1
    if not word.isascii() or not (word.isalpha() or not word):
        chinese = _CHINESE_UNIT(word)
        if chinese is None:
            raise Unreadable(f"unit {word[:32]!r}: it must be a power of ten, a currency, 亿, 万, or what is counted")
        return _CHINESE_POWERS[chinese[1]]
    return _POWERS.get(word.lower(), 0)


def _unit(unit: str, printed: PrintedNumber, what: str) -> tuple[int, str | None]:
    """Return the power of ten and the currency of a value, which its own words or the column `unit` give. Raise
    Unreadable if both do."""
    chinese = _CHINESE_UNIT(unit)
    power = _CHINESE_POWERS[chinese[1]] if chinese else _power(unit)
    code = {"元": "CNY", "美元": "USD", None: None}[chinese[2]] if chinese else unit.partition("_")[0]
    currency = code if code in CURRENCIES else None
    if (power and printed.power) or (currency and printed.currency not in (None, currency)):
        raise Unreadable(f"{what}: the value {printed.digits!r} and the unit {unit[:32]!r} both have a unit")
    return power or printed.power, currency or printed.currency


def _events(figure: Figure, reading: Reading) -> Iterator[Imported]:
    yield published(figure)
    reading.counts[f"figure of {figure.metric}"] += 1


_HEADER = b"indicator,geography,period,value,unit"
FORMAT = Format("published-figures", begins(_HEADER), TableRows(_HEADER, short=True), read)
published_figures = each((FORMAT,), _events)
