"""Exchange rates of the European Central Bank as SDMX: the data set EXR of its Data Portal, as CSV and as XML.

SDMX-CSV has a row for each observation (SDMX-CSV field guide, versions 1.0 and 2.0; the portal's own `csvdata` has the
same columns after a key column). SDMX-ML 2.1 has an element `Series` for each currency. Its key is a list of values in
the generic format, and the attributes of the element in the structure-specific format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import orjson

from streams.sources.formats import Format, TableRows, TaggedDocuments, xml_with
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.statistics.ecb_rate import Rate, rate_of
from streams.sources.statistics.figure import attempted
from streams.sources.texts import required_day
from streams.sources.xml import Element, element, without_prefixes

_DAILY = {"FREQ": "D", "CURRENCY_DENOM": "EUR", "EXR_TYPE": "SP00"}
"""The series of reference rates: daily, against the euro, spot. Others are averages, effective rates, forwards."""
_DIMENSIONS = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE")

_SERIES = re.compile(rb"<(?:[\w.-]+:)?Series[\s>]")
_END = re.compile(rb"</(?:[\w.-]+:)?Series\s*>|(?<=/)>")


def read_row(content: bytes) -> Iterator[Rate]:
    """Yield the rate in one row. Raise Skip for another series and for a day without a rate."""
    row = {name: cell.strip() for name, cell in orjson.loads(content).items()}
    yield _rate(row, row.get("TIME_PERIOD", ""), row.get("OBS_VALUE", ""))


def read_series(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of one series, or the error of an invalid one. Raise Skip for another series."""
    ends = [match.end() for match in _END.finditer(content)]
    if not ends:
        raise Unreadable("a series that does not end")
    series = element(without_prefixes(content[: ends[-1]]), "a series of SDMX")
    key = {str(name): str(value) for name, value in series.items()} | _values(series, "SeriesKey/Value")
    _check(key)
    for observation in series.iterfind("Obs"):
        day, value = observation.find("ObsDimension"), observation.find("ObsValue")
        period = observation.get("TIME_PERIOD", "") if day is None else day.get("value", "")
        printed = observation.get("OBS_VALUE", "") if value is None else value.get("value", "")
        yield attempted(_rate, key, period, printed)


def _values(series: Element, path: str) -> dict[str, str]:
    return {value.get("id", ""): value.get("value", "") for value in series.iterfind(path)}


def _check(key: Mapping[str, str]) -> None:
    missing = [name for name in _DIMENSIONS if not key.get(name)]
    if missing:
        raise Unreadable(f"a series without {', '.join(missing)}")
    if any(key[name] != value for name, value in _DAILY.items()):
        series = ".".join(key[name] for name in _DIMENSIONS)
        raise Skip(SkipReason.ANOTHER_DOCUMENT, f"series {series[:64]} is not a daily reference rate against the euro")


def _rate(key: Mapping[str, str], period: str, printed: str) -> Rate:
    _check(key)
    return rate_of(required_day(period, f"time period of EUR/{key['CURRENCY'][:8]}"), key["CURRENCY"], printed)


_HEADER = re.compile(rb"^(?=[^\r\n]*\bCURRENCY_DENOM\b)(?=[^\r\n]*\bTIME_PERIOD\b)[^\r\n<{]*\bOBS_VALUE\b").match
FORMATS = (
    Format("ecb-sdmx-csv", lambda head: _HEADER(head) is not None, TableRows(b""), read_row),
    Format(
        "ecb-sdmx-xml",
        xml_with(b"GenericData", b"StructureSpecificData", having=_SERIES.pattern),
        TaggedDocuments(_SERIES),
        read_series,
    ),
)
