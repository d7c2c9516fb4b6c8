"""What a figure asks of a book, and what it is told: an exact value, or what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple


class NoData(Exception):
    """The book has not what a figure is made of; the message says what is missing."""


class Nothing(NoData):
    """The book has none of what is counted, which is no proof that there was none."""


class Measured(NamedTuple):
    """An exact value, and what it was made of, for people."""

    value: Fraction
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a figure is a figure of. A flow has a first and a last day, a stock only the last one. No rights, no kinds
    of documents: all."""

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
    def place(self) -> str:
        """The region, and the office, for people."""
        region = self.region or "any region"
        return f"{region} at office {self.office}" if self.office else region

    @property
    def whereabouts(self) -> str:
        """The place and the time, for people."""
        return f"{self.place} {f'from {self.first} to' if self.first else 'on'} {self.last}"

    @property
    def period(self) -> tuple[date, date]:
        """Of a flow. Raises NoData."""
        if self.first is None:
            raise NoData("the figure does not say on which day its period begins")
        return self.first, self.last

    def earlier(self, years: int) -> Asked:
        """The same of so many years before; 29 February becomes the 28th."""
        first = self.first and _years_before(self.first, years)
        return replace(self, first=first, last=_years_before(self.last, years))

    def takes_in(self, region: str | None) -> bool:
        """True of its region and of the subdivisions of that; of every region where it has none."""
        return self.region in (None, region) or str(region).startswith(f"{self.region}-")

    def within(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """The rows that it takes in, by the region in their first column. Raises NoData as `require_whole` does."""
        inside = [row for row in rows if self.takes_in(row[0])]
        self.require_whole({row[0] for row in inside})
        return inside

    def require_whole(self, parts: set[str | None]) -> None:
        """Raises NoData where all there is of a country is one subdivision: a book of one city knows nothing of it.
        Of an office's register a book may hold a part."""
        (only,) = parts if len(parts) == 1 else (None,)
        if self.office is None and only is not None and self.region is not None and only.startswith(f"{self.region}-"):
            raise NoData(f"of {self.region} the book knows {only} alone")

    def some(self, count: int, name: str) -> Measured:
        """A count; that there is nothing may mean that nobody told the ledger. Raises Nothing."""
        if count <= 0:
            raise Nothing(f"nothing of {self.whereabouts}")
        return Measured(Fraction(count), {name: count})


def _years_before(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)
