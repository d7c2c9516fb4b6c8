"""Euro foreign exchange reference rates of the European Central Bank, as CSV: one line per day, one column per
currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import orjson

from schemas.money import CURRENCIES
from streams.sources.envelopes import envelope
from streams.sources.formats import Format, Rows, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event
from streams.sources.statistics.figure import attempted, number
from streams.sources.texts import day_of

SOURCE = "urn:office:eu:ecb"

_CODE = re.compile("[A-Z]{3}").fullmatch


class Rate(NamedTuple):
    """The units of a currency that one euro costs."""

    day: date
    currency: str
    rate: str


def read(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of one day. Raise Unreadable for a bad day.

    The daily file has blanks around every value and its day in words, `04 December 2024`.
    """
    row = {name.strip(): cell.strip() for name, cell in orjson.loads(content).items()}
    day = _day(row.pop("Date", ""))
    for currency, cell in row.items():
        if currency:
            yield attempted(_rate, day, currency, cell)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d %B %Y").date()
    except ValueError:
        day = day_of(text)
    if day is None:
        raise Unreadable(f"day {text[:32]!r}: it must be like 2024-12-04 or 04 December 2024")
    return day


def _rate(day: date, currency: str, cell: str) -> Rate:
    if not _CODE(currency):
        raise Unreadable(f"column {currency[:32]!r}: it must be a currency's code of three letters")
    rate = number(cell, f"EUR/{currency} of {day}")
    if currency not in CURRENCIES:
        raise Skip(SkipReason.NO_CURRENCY, f"EUR/{currency} of {day}: the currency is no longer in ISO 4217")
    # The daily file pads decimals that the history does not: 11.5030 and 11.503 must be one event.
    return Rate(day, currency, f"{rate.normalize():f}")


def _events(rate: Rate, reading: Reading) -> Iterator[Imported]:
    subject = f"fx/ECB/EUR-{rate.currency}/{rate.day}"
    data = {
        "occurred_on": rate.day.isoformat(),
        "base": "EUR",
        "quote": rate.currency,
        "rate": rate.rate,
        "rate_source": "ECB",
    }
    yield event(envelope(SOURCE, "ip.reference.fx_rate.v1", subject, rate.day, subject), data)
    reading.counts["rate of the euro"] += 1


FORMAT = Format("ecb-rates", begins(rb"\"?Date\"?, ?\"?[A-Z]{3}\b"), Rows(b"Date,"), read)
ecb_rates = each((FORMAT,), _events)
