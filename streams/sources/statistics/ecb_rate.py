"""One reference rate of the European Central Bank, from whatever format, and its event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from schemas.currencies import CURRENCIES
from streams.sources.envelopes import envelope
from streams.sources.reading import Reading
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event
from streams.sources.statistics.figure import number

_SOURCE = "urn:office:eu:ecb"

_CODE = re.compile("[A-Z]{3}").fullmatch


class Rate(NamedTuple):
    """The units of a currency that one euro costs."""

    day: date
    currency: str
    rate: str


def rate_of(day: date, currency: str, printed: str) -> Rate:
    """Return the rate of a day. Raise Skip if there is none, Unreadable for a bad code or number."""
    if not _CODE(currency):
        raise Unreadable(f"currency {currency[:32]!r}: it must be a code of three letters")
    what = f"EUR/{currency} of {day}"
    if "," in printed:  # a decimal comma, not thousands: no table of rates has these
        raise Unreadable(f"{what}: the value {printed[:32]!r} has a comma, and must have a point")
    rate = number(printed, what)
    # Some files pad decimals that others do not: 11.5030 and 11.503 must be one event.
    return Rate(day, currency, f"{rate.normalize():f}")


def events(rate: Rate, reading: Reading) -> Iterator[Imported]:
    """Yield the event `ip.reference.fx_rate.v1`. Raise Skip for a currency that the ledger does not know."""
    subject = f"fx/ECB/EUR-{rate.currency}/{rate.day}"
    data = {
        "occurred_on": rate.day.isoformat(),
        "base": "EUR",
        "quote": rate.currency,
        "rate": rate.rate,
        "rate_source": "ECB",
    }
    currency = CURRENCIES.get(rate.currency)
    if currency is None or not currency.is_in_use(rate.day):
        raise Skip(SkipReason.NO_CURRENCY, f"EUR/{rate.currency} of {rate.day}: ISO 4217 has no such currency that day")
    yield event(envelope(_SOURCE, "ip.reference.fx_rate.v1", subject, rate.day, subject), data)
    reading.counts["rate of the euro"] += 1
