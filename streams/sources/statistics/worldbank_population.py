"""Population by country and year (World Bank, SP.POP.TOTL): as a list of values, and in the bank's bulk form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import orjson

from streams.sources.envelopes import envelope
from streams.sources.formats import Format, TableRows, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, Unreadable, event
from streams.sources.statistics.figure import attempted, earliest_publication, number, whole_year, year_of
from streams.sources.statistics.worldbank import BULK, METADATA, PUBLISHER, SOURCE, bulk_of, region_of, values

_INDICATOR = "SP.POP.TOTL"


class _Population(NamedTuple):
    """The population of a country in the middle of a year; `updated` is the file's date, if given."""

    region: str
    year: int
    persons: int
    updated: date | None


def read(content: bytes) -> Iterator[_Population]:
    """Yield the population in one line. Raise Skip for a group of countries."""
    country, code, year, persons = (cell.strip() for cell in orjson.loads(content).values())
    yield _population(country, code, year, persons, None)


def read_bulk(content: bytes) -> Iterator[_Population | Skip | ValueError]:
    """Yield the populations of one country. Raise Skip for another indicator."""
    for value in values(content, (_INDICATOR,)):
        yield attempted(_population, value.country, value.code, value.year, value.value, value.updated)


def _population(country: str, code: str, year: str, persons: str, updated: date | None) -> _Population:
    region = region_of(code, country)
    counted = number(persons, f"population of {country} in {year}")
    if counted != counted.to_integral_value():
        raise Unreadable(f"population of {country} in {year}: {persons[:32]!r} must be a whole number")
    return _Population(region, year_of(year), int(counted), updated)


def _events(found: _Population, reading: Reading) -> Iterator[Imported]:
    subject = f"population/worldbank/{found.region}/{found.year}"
    day = found.updated or earliest_publication(whole_year(found.year)[1])
    data = {
        "occurred_on": day.isoformat(),
        "region": found.region,
        "as_of": f"{found.year}-07-01",  # the values are midyear estimates
        "persons": found.persons,
        "publisher": PUBLISHER,
    }
    yield event(envelope(SOURCE, "ip.reference.population.v1", subject, day, subject), data)
    reading.counts["population of a country"] += 1


_HEADERS = (b"country_name,country_code,year,population", b"Country Name,Country Code,Year,Value")
FORMATS = (
    *(Format("worldbank-population", begins(header), TableRows(header), read) for header in _HEADERS),
    Format("worldbank-population-bulk", bulk_of(_INDICATOR.encode()), BULK, read_bulk),
    METADATA,
)
worldbank_population = each(FORMATS, _events)
