"""Euro foreign exchange reference rates of the European Central Bank, as XML: an element `Cube` for each day, with one
for each currency (`eurofxref-daily.xml`, `eurofxref-hist.xml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.sources.formats import Format, TaggedDocuments, xml_with
from streams.sources.results import Skip, Unreadable
from streams.sources.statistics.ecb_rate import Rate, rate_of
from streams.sources.statistics.figure import attempted
from streams.sources.texts import required_day
from streams.sources.xml import element, without_prefixes

_DAY = re.compile(rb"<(?:[\w.-]+:)?Cube\s+time\s*=")
_END = b"</Cube>"


def read(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of one day. Raise Unreadable for an invalid day, or one that does not end."""
    whole, end, _ = without_prefixes(content).partition(_END)
    if not end:
        raise Unreadable("a day of reference rates that does not end")
    rates = element(whole + end, "a day of reference rates")
    day = required_day(rates.get("time", ""), "day of reference rates")
    for each in rates.iterfind("Cube"):
        yield attempted(rate_of, day, each.get("currency", ""), each.get("rate", "").strip())


FORMAT = Format("ecb-rates-xml", xml_with(b"Envelope", having=rb"/eurofxref\b"), TaggedDocuments(_DAY), read)
