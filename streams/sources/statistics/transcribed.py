"""Single figures copied by hand from pages: one per line, with its source."""

from __future__ import annotations

import re
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
from streams.sources.texts import day_of, tidy

SOURCE = "urn:transcription:published-figures"

_PATENTS_AND_MARKS = {"rights": ["invention", "utility_model", "design", "trademark"]}
_INVENTION = {"right": "invention"}
_STOCKS = frozenset(["in_force", "high_value", "high_value_per_10k", "population"])
_METRICS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "patent_and_trademark_pledge_financing_amount": ("pledge_amount", _PATENTS_AND_MARKS),
    "patent_and_trademark_pledge_financing_projects": ("pledges", _PATENTS_AND_MARKS),
    "patent_and_trademark_pledge_registrations": ("pledges", _PATENTS_AND_MARKS),
    "valid_invention_patents": ("in_force", _INVENTION),
    "valid_invention_patents_domestic_excl_HK_MO_TW": ("in_force", _INVENTION | {"office": "CN"}),
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


class _Line(BaseModel):
    """The columns that are used; `yoy_percent` is prose."""

    indicator: str
    geography: str
    period: str
    value: str
    unit: str
    stated_by: str
    source_page: str = ""
    source_address: str = ""


def read(content: bytes) -> Iterator[Figure]:
    """Yield the figure in one line. Raise Skip for an indicator without a metric."""
    line = validated(_Line, content, "a line of figures")
    if line.indicator not in _METRICS:
        raise Skip(SkipReason.NO_METRIC, f"{line.indicator} ({line.unit})")
    metric, data = _METRICS[line.indicator]
    what = f"{line.indicator.replace('_', ' ')}, {line.geography}, {line.period}"
    value, precision = units(number(line.value, what), _power(line.unit))
    first, last = _period(line.period)
    match = _DAY(line.source_page)
    yield Figure(
        source=SOURCE,
        subject=f"figure/transcribed/{line.indicator}/{line.geography}/{line.period}",
        figure=f"{what}: {line.value} {line.unit.replace('_', ' ')}",
        metric=metric,
        period=(None if metric in _STOCKS else first, last),
        value=value,
        precision=precision,
        publisher=line.stated_by[:64].rstrip(),
        document=tidy(f"{line.source_page} {line.source_address}") or line.stated_by,
        published_on=day_of(match[0]) if match else None,
        more={**data, **_whose(line.geography), "currency": _currency(line.unit)},
    )


def _whose(geography: str) -> dict[str, str]:
    """Return whose rights are counted: those of a place's residents; those of all owners belong to a register."""
    if geography == "World":
        return {}
    name = geography.removesuffix(_ALL_OWNERS)
    region = places.country_named(name) or places.subdivision("CN", name)
    if region is None:
        raise Unreadable(f"geography {geography[:64]!r}: it must be a country, a province of China, or World")
    return {"office" if geography.endswith(_ALL_OWNERS) else "region": region}


def _period(text: str) -> tuple[date, date]:
    """Return the period of `2022`, `2014-2023` or `2021-12-31`. Raise Unreadable."""
    if day := day_of(text):
        return day, day
    first, _, last = text.partition("-")
    return whole_year(year_of(first))[0], whole_year(year_of(last or first))[1]


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
