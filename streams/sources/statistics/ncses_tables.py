"""Indicator tables of the National Center for Science and Engineering Statistics (NSF), as long CSV: one line per
value.

The notes below a table in Science and Engineering Indicators explain what it counts, and how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from streams.sources import regions
from streams.sources.formats import Format, TableRows
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable
from streams.sources.statistics.figure import Figure, number, published, units, whole_year, year_of
from streams.sources.statistics.ncses_identity import COUNTS, field_in, field_of, identify

_SOURCE = "urn:office:us:ncses"

_FOOTNOTE = re.compile(r"<sup>.*?</sup>")
_OFFICES = {"uspto": "US", "euipo": "EM"}
_US_OWNER = "Assigned to U.S. owner"


class _Table(NamedTuple):
    """`data` applies to all figures; `scope` restricts all of them, `shares` all but the whole, `notes` those of a
    country.

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


_TABLES = {table.name: table for table in (_GRANTS, _OWNERS, _PCT, _MARKS)}


@lru_cache
def _table(counts: str, field: str) -> _Table:
    """Return the table with these counts, limited to a field of technology unless `field` is empty."""
    table = _TABLES[counts]
    if not field:
        return table
    named = field if field[1:2].isupper() else field[:1].lower() + field[1:]
    whose = "WIPO's fields of technology" if field_of(field) else "a field of technology"
    if table is not _GRANTS:
        scope = "; ".join(filter(None, (f"in {whose}, {named}", table.scope)))
        return table._replace(name=f"{counts}/{_slug(field)}", title=f"{table.title}, in {named}", scope=scope)
    # Some of these tables count by the residence of inventors, others by that of owners; their titles do not say which.
    inventors = field == "Computer technology"
    return table._replace(
        name=_slug(field),
        title=f"USPTO utility patents granted in {named}",
        scope=f"fractional count by {whose}, {named}",
        shares="by the inventors' residence" if inventors else "by the residence of inventors or owners",
        notes={"CN": "China includes Hong Kong"},
    )


def _slug(field: str) -> str:
    return "_".join(re.findall("[a-z0-9]+", field.casefold()))


def read(content: bytes) -> Iterator[Figure]:
    """Yield the figure in one line. Raise Skip for a group of countries, and for a missing value."""
    row = _texts(content)
    value = row.get("value", "")
    if field_of(value):
        raise Skip(SkipReason.ANOTHER_DOCUMENT, f"the name of the table's field of technology: {value}")
    table = _table(row[COUNTS], field_in(row))
    yield _by_owner(row, table) if "sector" in row else _by_country(row, table)


def _by_country(row: Mapping[str, str], table: _Table) -> Figure:
    name = _path(row, "region_path")[-1]
    region = _country(name)
    scope = [table.scope, *([table.shares, table.notes.get(region, "")] if region else [])]
    data = {"region": region, "scope": "; ".join(filter(None, scope)) or None}
    if "office" not in row:
        return _figure(table, row, region or name, name, data)
    office = _OFFICES.get(row["office"])
    if office is None:
        raise Unreadable(f"office {row['office'][:32]!r}: it must be one of {', '.join(_OFFICES)}")
    return _figure(
        table, row, f"{office}/{region or name}", f"{name}, {row['office'].upper()}", data | {"office": office}
    )


def _by_owner(row: Mapping[str, str], table: _Table) -> Figure:
    whole, *parts = _path(row, "sector")
    shares = f"{table.shares}: {', '.join(parts)}" if parts else ""
    scope = "; ".join(filter(None, (table.scope, shares))) or None
    data = {"region": "US" if _US_OWNER in parts else None, "scope": scope}
    return _figure(table, row, "/".join([whole, *parts]), ", ".join([whole, *parts]), data)


def _texts(content: bytes) -> dict[str, str]:
    return {name: cell.strip() for name, cell in orjson.loads(content).items()}


def _path(row: Mapping[str, str], column: str) -> list[str]:
    """Return the steps of `World -> Europe -> EU-27<sup>b</sup>`, without footnote marks."""
    steps = _FOOTNOTE.sub("", row.get(column, "")).split("->")
    if not all(step.strip() for step in steps):
        raise Unreadable(f"{column} {row.get(column, '')[:64]!r}: it must be names with -> between them")
    return [step.strip() for step in steps]


def _country(name: str) -> str | None:
    """Return the code of a country; None for the world. Raise Skip for anything else."""
    if name == "World":
        return None
    region = regions.country_named(name)
    if region is None:
        raise Skip(SkipReason.NO_COUNTRY, f"{name!r} is not a country of ISO 3166-1")
    return region


def _figure(table: _Table, row: Mapping[str, str], of: str, called: str, data: Mapping[str, Any]) -> Figure:
    year = year_of(row.get("year", ""))
    what = f"{table.title}: {called}, {year}"
    value, precision = units(number(row.get("value", ""), what))
    return Figure(
        source=_SOURCE,
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


def _headed(column: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises a table in long form by its header, whose first column has this name, also below a
    title."""
    matches = re.compile(rb'^"?%s"?,(?=[^\r\n]*\byear\b)[^\r\n]*\bvalue\b' % column, re.MULTILINE).search
    return lambda head: matches(head) is not None


FORMATS = tuple(
    Format(name, _headed(column), TableRows(column + b",", identify), read)
    for name, column in (("ncses-by-country", b"region_path"), ("ncses-by-owner", b"sector"))
)
ncses_tables = each(FORMATS, _events)
