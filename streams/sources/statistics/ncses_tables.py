"""Indicator tables of the National Center for Science and Engineering Statistics (NSF), as long CSV: a line a value.

What a table counts, and how, stands in the notes below it in Science and Engineering Indicators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import orjson

from streams.sources import places
from streams.sources.formats import Format, Rows, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable
from streams.sources.statistics.figure import Figure, number, published, units, whole_year, year_of

SOURCE = "urn:office:us:ncses"

_FOOTNOTE = re.compile(r"<sup>.*?</sup>")
_OFFICES = {"uspto": "US", "euipo": "EM"}
_US_OWNER = "Assigned to U.S. owner"


class _Table(NamedTuple):
    """`data` say what all figures count; `scope` narrows all of them, `shares` all but the whole, `notes` a country's.

    Shares are fractions of documents, added up and rounded.
    """

    name: str
    title: str
    metric: str
    data: Mapping[str, Any] = {}
    scope: str = ""
    shares: str = ""
    notes: Mapping[str, str] = {"CN": "China includes Hong Kong"}


_UTILITY = {"right": "invention", "office": "US", "kinds": ["A", "B1", "B2"]}
_GRANTS = _Table(
    "utility_grants",
    "USPTO utility patents granted to inventors",
    "grants",
    _UTILITY,
    shares="fractional count by the inventors' residence",
    notes={"CN": "China includes Hong Kong", "US": "the United States include their territories"},
)
_COMPUTERS = _Table(
    "computer_technology",
    "USPTO utility patents granted in computer technology",
    "grants",
    _UTILITY,
    scope="fractional count by WIPO's fields of technology, computer technology",
    shares="by the inventors' residence",
)
_OWNERS = _Table(
    "owner_sector",
    "USPTO utility patents granted to owners",
    "grants",
    _UTILITY,
    shares="fractional count by the owners' place and sector",
)
_PCT = _Table(
    "pct_applications",
    "Patent Cooperation Treaty applications by receiving office",
    "pct_received",
    scope="by year of publication; those filed with the International Bureau stand at the office of first filing",
)
_MARKS = _Table(
    "registered_trademarks",
    "Registered trademarks",
    "trademark_registrations",
    shares="fractional count by the holders' residence",
)


def by_country(content: bytes, table: _Table) -> Iterator[Figure]:
    """The figure in one line. Raises Skip for a group of countries, and where there is no value."""
    row = _texts(content)
    place = _path(row, "region_path")[-1]
    region = _country(place)
    scope = [table.scope, *([table.shares, table.notes.get(region, "")] if region else [])]
    data = {"region": region, "scope": "; ".join(filter(None, scope)) or None}
    if "office" not in row:
        yield _figure(table, row, region or place, place, data)
        return
    office = _OFFICES.get(row["office"])
    if office is None:
        raise Unreadable(f"office {row['office'][:32]!r}: it must be one of {', '.join(_OFFICES)}")
    yield _figure(
        table, row, f"{office}/{region or place}", f"{place}, {row['office'].upper()}", data | {"office": office}
    )


def by_owner(content: bytes, table: _Table) -> Iterator[Figure]:
    """The figure in one line. Raises Skip where there is no value."""
    row = _texts(content)
    whole, *parts = _path(row, "sector")
    scope = f"{table.shares}: {', '.join(parts)}" if parts else None
    data = {"region": "US" if _US_OWNER in parts else None, "scope": scope}
    yield _figure(table, row, "/".join([whole, *parts]), ", ".join([whole, *parts]), data)


def _texts(content: bytes) -> dict[str, str]:
    return {name: cell.strip() for name, cell in orjson.loads(content).items()}


def _path(row: Mapping[str, str], column: str) -> list[str]:
    """`World -> Europe -> EU-27<sup>b</sup>` by its steps, without marks of footnotes."""
    steps = _FOOTNOTE.sub("", row.get(column, "")).split("->")
    if not all(step.strip() for step in steps):
        raise Unreadable(f"{column} {row.get(column, '')[:64]!r}: it must be names with -> between them")
    return [step.strip() for step in steps]


def _country(place: str) -> str | None:
    """The code of a country; None for the world. Raises Skip for what is neither."""
    if place == "World":
        return None
    region = places.country_named(place)
    if region is None:
        raise Skip(SkipReason.NO_COUNTRY, f"{place!r} is no country of ISO 3166-1")
    return region


def _figure(table: _Table, row: Mapping[str, str], of: str, called: str, data: Mapping[str, Any]) -> Figure:
    year = year_of(row.get("year", ""))
    what = f"{table.title}: {called}, {year}"
    value, precision = units(number(row.get("value", ""), what))
    return Figure(
        source=SOURCE,
        subject=f"figure/ncses/{table.name}/{of}/{year}",
        figure=what,
        metric=table.metric,
        period=whole_year(year),
        value=value,
        precision=precision,
        publisher="NCSES",
        document=f"Science and Engineering Indicators, {table.title}",
        more={**table.data, **data},
    )


def _events(figure: Figure, reading: Reading) -> Iterator[Imported]:
    yield published(figure)
    reading.counts[f"figure of {figure.document.partition(', ')[2]}"] += 1


_BY_COUNTRY, _BY_OFFICE, _BY_OWNER = b"region_path,year,value", b"region_path,year,office,value", b"sector,year,value"
FORMATS = (
    *(
        Format(
            f"ncses-{table.name.replace('_', '-')}",
            begins(_BY_COUNTRY),
            Rows(_BY_COUNTRY),
            partial(by_country, table=table),
            named=table.name,
        )
        for table in (_GRANTS, _COMPUTERS, _PCT)
    ),
    Format("ncses-trademarks", begins(_BY_OFFICE), Rows(_BY_OFFICE), partial(by_country, table=_MARKS)),
    Format("ncses-owner-sectors", begins(_BY_OWNER), Rows(_BY_OWNER), partial(by_owner, table=_OWNERS)),
)
ncses_tables = each(FORMATS, _events)
