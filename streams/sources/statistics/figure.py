"""A published figure from any table, and its event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from streams.sources.envelopes import envelope
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event

_NOTHING = frozenset(
    ["", "-", "\u2013", "\u2014", "\u2026", "...", ".", "..", "d", "n/a", "na", "nan", "null", "s", "x"]
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?").fullmatch
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}").fullmatch

_Record = TypeVar("_Record")


class Figure(NamedTuple):
    """A printed figure. `subject` names what was measured, never the value; `published_on` is None if the table does
    not give it; `more` has the other fields of the event's data."""

    source: str
    subject: str
    figure: str
    metric: str
    period: tuple[date | None, date]
    value: str
    publisher: str
    document: str
    published_on: date | None = None
    precision: str | None = "1"
    more: Mapping[str, Any] = {}


def published(figure: Figure) -> Imported:
    """Return the event `ip.reference.published_figure.v1`.

    Its id is made of subject, publisher and publication date: a republished figure is an additional event.
    """
    first, last = figure.period
    day = figure.published_on or earliest_publication(last)
    data = {
        "occurred_on": day.isoformat(),
        "figure": figure.figure,
        "metric": figure.metric,
        **figure.more,
        "period_from": first.isoformat() if first else None,
        "period_to": last.isoformat(),
        "value": figure.value,
        "precision": figure.precision,
        "publisher": figure.publisher,
        "document": figure.document,
    }
    identity = f"{figure.subject} {figure.publisher}"
    return event(envelope(figure.source, "ip.reference.published_figure.v1", figure.subject, day, identity), data)


def attempted(make: Callable[..., _Record], *facts: Any) -> _Record | Skip | ValueError:
    """Return a record, or the reason why there is none: one bad cell in a row of a table must not stop the others."""
    try:
        return make(*facts)
    except (Skip, ValueError) as why:
        return why


def earliest_publication(last: date) -> date:
    """Return the publication date of a source without one: it was published on this day at the earliest."""
    return last + timedelta(1)


def year_of(text: str) -> int:
    """Return a year from 1900 on. Raise Unreadable."""
    if not _YEAR(text):
        raise Unreadable(f"year {text[:32]!r}: it must be four digits, from 1900 on")
    return int(text)


def whole_year(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def number(text: str, what: str) -> Decimal:
    """Return a number as tables print it, `6439`, `6,439` or `2419.70`, with all decimals; `what` it is, is for people.

    Raise Skip for a missing value (`na`, `..`), Unreadable for anything else.
    """
    if text.casefold() in _NOTHING:
        raise Skip(SkipReason.NO_VALUE, f"{what}: the value is {text!r}")
    if not _NUMBER(text):
        raise Unreadable(f"{what}: the value {text[:32]!r} must be digits, with at most one point")
    return Decimal(text.replace(",", ""))


def units(value: Decimal, power: int = 0) -> tuple[str, str]:
    """Return a number of 10^`power` units, and the unit of its last digit, as decimal texts: `4868.8`, 8 is
    486880000000 with 10000000."""
    digits = value.scaleb(power)
    return f"{digits:f}", f"{Decimal((0, (1,), int(digits.as_tuple().exponent))):f}"
