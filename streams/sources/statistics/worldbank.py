"""Common parts of the World Bank's files: source, country codes, and the bulk form with years in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

import orjson

from streams.sources import regions
from streams.sources.formats import WHOLE_FILE, Format, TableRows, begins
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.texts import required_day

SOURCE = "urn:office:int:worldbank"
PUBLISHER = "World Bank"
BULK = TableRows(b'"Country Name","Country Code","Indicator Name","Indicator Code"')
"""A file has this line above its header: `"Last Updated Date","2021-09-15",`."""

_BULK_HEADER = re.compile(rb'^"?Country Name"?,"?Country Code"?,"?Indicator Name"?,"?Indicator Code"?,', re.MULTILINE)
_ALPHA_3 = re.compile("[A-Z]{3}").fullmatch
_YEAR = re.compile("[0-9]{4}").fullmatch


class Observation(NamedTuple):
    """One cell: the value of an indicator for a country in a year; `updated` is the file's date, if given."""

    indicator: str
    title: str
    country: str
    code: str
    year: str
    value: str
    updated: date | None


def bulk_of(*indicators: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises the bulk form by its header and by the beginning of an indicator in its first
    lines."""
    indicator = re.compile(rb'(?:,|")(?:' + b"|".join(map(re.escape, indicators)) + rb")")
    return lambda head: _BULK_HEADER.search(head) is not None and indicator.search(head) is not None


def _about(content: bytes) -> Iterator[Skip]:
    yield Skip(SkipReason.ANOTHER_DOCUMENT, "notes on countries or indicators, no values")


_ABOUT = rb'"?Country Code"?,"?(?:Region|Table ?Name)|"?INDICATOR_CODE"?,'
METADATA = Format("worldbank-metadata", begins(_ABOUT), WHOLE_FILE, _about)
"""The files that a download contains besides its table."""


def values(content: bytes, indicators: Collection[str]) -> Iterator[Observation]:
    """Yield the values in one row of the bulk form, without empty cells. Raise Skip for another indicator."""
    row: dict[str, str] = {name: cell.strip() for name, cell in orjson.loads(content).items()}
    indicator = row.get("Indicator Code", "")
    if indicator not in indicators:
        raise Skip(SkipReason.NO_METRIC, f"indicator {indicator[:32]!r}; imported are {', '.join(indicators)}")
    where = (row.get("Country Name", ""), row.get("Country Code", ""))
    printed = row.get("Last Updated Date")
    updated = required_day(printed, "Last Updated Date") if printed else None
    for year, cell in row.items():
        if _YEAR(year) and cell:
            yield Observation(indicator, row.get("Indicator Name", indicator), *where, year, cell, updated)


def region_of(code: str, name: Any) -> str:
    """Return the country of a code. Raise Skip for a group (`WLD`, `EUU`), Unreadable for an invalid code."""
    if not _ALPHA_3(code):
        raise Unreadable(f"country code {code[:32]!r} of {name!r}: it must be three capital letters")
    region = regions.country_of_alpha_3(code)
    if region is None:
        raise Skip(SkipReason.NO_COUNTRY, f"{name} ({code}) is not a country of ISO 3166-1")
    return region
