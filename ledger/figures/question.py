"""The query behind a published figure, and its result: an exact value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from schemas.regions import country_of


class NotAvailable(Exception):
    """The book cannot answer; the message says what is missing."""


class NoRecords(NotAvailable):
    """The book has no matching record. That does not prove that the real number is 0."""


class Measured(NamedTuple):
    """An exact value and its inputs; the inputs are for display."""

    value: Fraction
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class FigureQuery:
    """The dimensions of a figure. A flow has a first and a last day, a stock only a last day. Empty `rights` or
    `kinds` (of documents) mean all."""

    metric: str
    last: date
    first: date | None = None
    region: str | None = None
    rights: tuple[str, ...] = ()
    industry: str | None = None
    office: str | None = None
    kinds: tuple[str, ...] = ()
    purpose: str | None = None
    currency: str | None = None

    @property
    def region_and_office(self) -> str:
        """The region and the office, for display."""
        region = self.region or "any region"
        return f"{region} at office {self.office}" if self.office else region

    @property
    def whereabouts(self) -> str:
        """Region, office and time, for display."""
        return f"{self.region_and_office} {f'from {self.first} to' if self.first else 'on'} {self.last}"

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day of a flow. Raise NotAvailable."""
        if self.first is None:
            raise NotAvailable("the figure does not give the first day of its period")
        return self.first, self.last

    def earlier(self, years: int) -> FigureQuery:
        """Return the same query `years` earlier; 29 February becomes 28 February."""
        first = self.first and _years_before(self.first, years)
        return replace(self, first=first, last=_years_before(self.last, years))

    def takes_in(self, region: str | None) -> bool:
        """Return True for the query's region and its subdivisions; without a region, for all."""
        return self.region in (None, region, country_of(region))

    def within(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return the rows of the query's region (their first column). Raise NotAvailable, as `require_whole`."""
        inside = [row for row in rows if self.takes_in(row[0])]
        self.require_whole({row[0] for row in inside})
        return inside

    def require_whole(self, parts: set[str | None]) -> None:
        """Raise NotAvailable if everything known about a country comes from one subdivision: a book of Shanghai cannot
        answer for China. Register figures are exempt."""
        (only,) = parts if len(parts) == 1 else (None,)
        if self.office is None and only is not None and only != self.region and self.region == country_of(only):
            raise NotAvailable(f"for {self.region} the book only has {only}")

    def some(self, count: int, name: str) -> Measured:
        """Return a count above 0. Raise NoRecords if it is 0: the ledger may not have the records."""
        if count <= 0:
            raise NoRecords(f"no record for {self.whereabouts}")
        return Measured(Fraction(count), {name: count})


def _years_before(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)
