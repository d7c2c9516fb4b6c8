"""Euro foreign exchange reference rates of the European Central Bank, as CSV: one line per day, one column per
currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import orjson

from streams.sources.formats import Format, TableRows, begins
from streams.sources.reading import each
from streams.sources.results import Skip, Unreadable
from streams.sources.statistics import ecb_envelope, ecb_sdmx, ecb_sdmx_json
from streams.sources.statistics.ecb_rate import Rate, events, rate_of
from streams.sources.statistics.figure import attempted
from streams.sources.texts import day_of


def read(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of one day. Raise Unreadable for a bad day.

    The daily file has spaces around every value and its day in words, `04 December 2024`.
    """
    row = {name.strip(): cell.strip() for name, cell in orjson.loads(content).items()}
    day = _day(row.pop("Date", ""))
    for currency, cell in row.items():
        if currency:
            yield attempted(rate_of, day, currency, cell)


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise Unreadable(f"day {text[:32]!r}: it must be like 2024-12-04 or 04 December 2024")
    return day


FORMAT = Format("ecb-rates", begins(rb"\"?Date\"?, ?\"?[A-Z]{3}\b"), TableRows(b"Date,"), read)
ecb_rates = each((FORMAT, ecb_envelope.FORMAT, *ecb_sdmx.FORMATS, ecb_sdmx_json.FORMAT), events)
