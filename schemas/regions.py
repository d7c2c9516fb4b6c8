"""Countries of ISO 3166-1 and subdivisions of ISO 3166-2, today's and former ones.

The table `regions.csv` is our own copy: an update of a library must not change what a book contains. Former countries
and their days are those of ISO 3166-3. ISO publishes no list of former subdivisions; the table has those that
iso-codes contained since November 2016, up to the first release without them, which is never earlier than the change.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any, Final, NamedTuple

from pydantic import ValidationInfo

from schemas.wording import InvalidValue


class Span(NamedTuple):
    """The days on which a former code was valid."""

    first_day: date
    last_day: date


def _read() -> tuple[frozenset[str], dict[str, tuple[Span, ...]]]:
    lines = files("schemas").joinpath("regions.csv").read_text(encoding="utf-8").splitlines()[1:]
    today: list[str] = []
    former: dict[str, tuple[Span, ...]] = {}
    for code, first, last in csv.reader(lines):
        if not last:
            today.append(code)
        else:
            span = Span(date.fromisoformat(first) if first else date.min, date.fromisoformat(last))
            former[code] = (*former.get(code, ()), span)
    return frozenset(today), former


_CODES = _read()
TODAY: Final = _CODES[0] | {"XK"}
"""The codes of today, and XK: the EU, the IMF and the World Bank use this user-assigned code for Kosovo."""
FORMER: Final[Mapping[str, tuple[Span, ...]]] = _CODES[1]
"""Former codes, and the days on which they were valid."""


TERRITORIES: Final = ("CN-HK", "CN-MO", "CN-TW")
"""Subdivisions of CN that are HK, MO and TW in ISO 3166-1, and that national figures of CN leave out."""


def country_of(region: str | None) -> str | None:
    """Return the country in whose national figures a region counts: CN-HK counts in HK, not in CN."""
    return region and (region[3:] if region in TERRITORIES else region[:2])


def is_valid(code: str, day: date) -> bool:
    """Return whether a code is one of ISO 3166 on a day."""
    return code in TODAY or any(first <= day <= last for first, last in FORMER.get(code, ()))


def check_region(code: str, info: ValidationInfo) -> str:
    """Return the code if it was one of ISO 3166 on the day of the event that is being validated. Raise InvalidValue
    otherwise."""
    if code not in TODAY:
        check_former(code, (info.data or {}).get("occurred_on"))
    return code


def check_known(code: str) -> str:
    """Return the code if it is one of ISO 3166, or was on any day. Raise InvalidValue otherwise."""
    if code not in TODAY:
        check_former(code, None)
    return code


def check_former(code: str, day: date | None) -> None:
    """Raise InvalidValue if a code that is not one of today was not one on the day either; None: on no day."""
    spans = FORMER.get(code)
    if spans is None:
        raise InvalidValue("region_unknown" if "-" in code else "country_unknown", code=code)
    if day is not None and not is_valid(code, day):
        last = max(span.last_day for span in spans if span.first_day <= day or span == spans[0])
        raise InvalidValue("region_withdrawn", code=code, last=last.isoformat(), day=day.isoformat())


def check_region_on(facts: Mapping[str, Any], day: date) -> None:
    """Raise InvalidValue if the region among the fields of an event was not one of ISO 3166 on this day."""
    region = facts.get("region")
    if region is not None and region not in TODAY:
        check_former(region, day)
