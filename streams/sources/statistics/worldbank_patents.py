"""Patent applications by country of the office, residents' and others' (World Bank, IP.PAT), in the bulk form."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.formats import Format
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip
from streams.sources.statistics.figure import Figure, attempted, number, published, units, whole_year, year_of
from streams.sources.statistics.worldbank import (
    BULK,
    METADATA,
    PUBLISHER,
    SOURCE,
    Observation,
    bulk_of,
    region_of,
    values,
)

_RESIDENTS, _OTHERS = "IP.PAT.RESD", "IP.PAT.NRES"


def read(content: bytes) -> Iterator[Figure | Skip | ValueError]:
    """Yield the figures of one indicator for one country. Raise Skip for another indicator."""
    for value in values(content, (_RESIDENTS, _OTHERS)):
        yield attempted(_figure, value)


def _figure(value: Observation) -> Figure:
    # A resident files at the office of their own country, by the residence of the first-named applicant.
    region, year = region_of(value.code, value.country), year_of(value.year)
    whose = {"region": region} if value.indicator == _RESIDENTS else {"scope": "non-residents"}
    printed, precision = units(number(value.value, f"{value.title}, {value.country}, {year}"))
    return Figure(
        source=SOURCE,
        subject=f"figure/worldbank/{value.indicator}/{region}/{year}",
        figure=f"{value.title}, {value.country}, {year}",
        metric="filings",
        period=whole_year(year),
        value=printed,
        precision=precision,
        publisher=PUBLISHER,
        document=f"World Development Indicators, {value.indicator}",
        published_on=value.updated,
        more={"right": "invention", "office": region, **whose},
    )


def _events(figure: Figure, reading: Reading) -> Iterator[Imported]:
    yield published(figure)
    who = "others" if "scope" in figure.more else "residents"
    reading.counts[f"applications by {who} in a year"] += 1


FORMAT = Format("worldbank-patents", bulk_of(b"IP.PAT."), BULK, read)
worldbank_patents = each((FORMAT, METADATA), _events)
