"""Exchange rates of the European Central Bank as SDMX: the data set EXR of its Data Portal, as CSV and as XML.

SDMX-CSV has a row for each observation (SDMX-CSV field guide, versions 1.0 and 2.0; the portal's own `csvdata` has the
same columns after a key column), with or without labels (`D: Daily`). SDMX-ML has an element `Series` for each
currency, or only observations with all dimensions. A key is a list of values in the generic format; in the
structure-specific format, called compact in SDMX-ML 2.0, it is the attributes of the element.
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

_SERIES, _OBSERVATION = (re.compile(rb"<(?:[\w.-]+:)?" + name + rb"[\s>]") for name in (b"Series", b"Obs"))
_END = re.compile(rb"</(?:[\w.-]+:)?(?:Series|Obs)\s*>|(?<=/)>")


def read_row(content: bytes) -> Iterator[Rate]:
    """Yield the rate in one row. Raise Skip for another series, a deletion, and a day without a rate."""
    row = {_code(name): _code(cell) for name, cell in orjson.loads(content).items()}
    if row.get("ACTION") == "D":
        raise Skip(SkipReason.ANOTHER_DOCUMENT, "a row that deletes an observation")
    yield observed(row, row.get("TIME_PERIOD", ""), row.get("OBS_VALUE", ""))


def _code(text: str) -> str:
    """Return the code of a text that may have a label behind it."""
    return text.partition(": ")[0].strip()


def read_series(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of one series or observation, or the error of an invalid one. Raise Skip for another series."""
    ends = [match.end() for match in _END.finditer(content)]
    if not ends:
        raise Unreadable("a series that does not end")
    series = element(without_prefixes(content[: ends[-1]]), "a series of SDMX")
    key = {str(name): str(value) for name, value in series.items()} | _values(series)
    require_reference_rates(key)
    for observation in series.iterfind("Obs") if series.tag == "Series" else [series]:
        day, value = observation.find("ObsDimension"), observation.find("ObsValue")
        in_words = observation.findtext("Time") or observation.get("TIME_PERIOD") or key.get("TIME_PERIOD", "")
        period = in_words if day is None else day.get("value", "")
        printed = observation.get("OBS_VALUE", "") if value is None else value.get("value", "")
        yield attempted(observed, key, period, printed)


def _values(series: Element) -> dict[str, str]:
    """Return the values of a generic key; SDMX-ML 2.0 names them by `concept`."""
    values = (value for path in ("SeriesKey/Value", "ObsKey/Value") for value in series.iterfind(path))
    return {value.get("id", value.get("concept", "")): value.get("value", "") for value in values}


def require_reference_rates(key: Mapping[str, str]) -> None:
    """Raise Skip for another series than one of reference rates, Unreadable for one that lacks a dimension."""
    missing = [name for name in _DIMENSIONS if not key.get(name)]
    if missing:
        raise Unreadable(f"a series without {', '.join(missing)}")
    if any(key[name] != value for name, value in _DAILY.items()):
        series = ".".join(key[name] for name in _DIMENSIONS)
        raise Skip(SkipReason.ANOTHER_DOCUMENT, f"series {series[:64]} is not a daily reference rate against the euro")


def observed(key: Mapping[str, str], period: str, printed: str) -> Rate:
    """Return the rate of one observation of a series. Raise Skip for another series and a day without a rate."""
    require_reference_rates(key)
    return rate_of(required_day(period, f"time period of EUR/{key['CURRENCY'][:8]}"), key["CURRENCY"], printed)


_HEADER = re.compile(rb"^(?=[^\r\n]*\bCURRENCY_DENOM\b)(?=[^\r\n]*\bTIME_PERIOD\b)[^\r\n<{]*\bOBS_VALUE\b").match
_ROOTS = (b"GenericData", b"StructureSpecificData", b"CompactData")


def _xml(tag: re.Pattern[bytes], having: bytes = b"") -> Format:
    return Format("ecb-sdmx-xml", xml_with(*_ROOTS, having=having), TaggedDocuments(tag), read_series)


FORMATS = (
    Format("ecb-sdmx-csv", lambda head: _HEADER(head) is not None, TableRows(b""), read_row),
    _xml(_SERIES, _SERIES.pattern),
    _xml(_OBSERVATION),
)
"""A message without a series has single observations, or none: an answer to a question about a holiday."""
