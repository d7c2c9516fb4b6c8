"""Exchange rates: an exact factor from one currency to another, of a day or of the last business day before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.figures.question import NoData
from ledger.views.reference import FX_RATES

LONGEST_PAUSE = 10
"""A rate stands for so many days after its own at most: over holidays, never over years in which there was none."""

Pair = tuple[str, str]
"""(base, quote): so many units of quote are one unit of base."""


class Rate(NamedTuple):
    """The factor, and whose rate of which day it is."""

    factor: Fraction
    source: str
    day: str


class Rates:
    """All rates of a book on one basis."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._quoted: dict[str, dict[str, dict[Pair, Fraction]]] = defaultdict(lambda: defaultdict(dict))
        for source, base, quote, day, rate in connection.execute(FX_RATES.on(basis)):
            self._quoted[source][day][base, quote] = Fraction(rate)

    def rate(self, sold: str, bought: str, source: str | None, day: str) -> Rate:
        """The rate of the day, else of the last of the days before that it stands for. Raises NoData."""
        found = [
            rate for name in self._quoted if source in (None, name) and (rate := self._last(name, sold, bought, day))
        ]
        if not found:
            whose = source or "any source"
            raise NoData(f"no rate from {sold} to {bought} by {whose} on {day} or the {LONGEST_PAUSE} days before")
        if len(found) > 1:
            raise NoData(f"{', '.join(sorted(rate.source for rate in found))} have rates, and the figure names none")
        return found[0]

    def _last(self, source: str, sold: str, bought: str, day: str) -> Rate | None:
        last = date.fromisoformat(day)
        for before in range(LONGEST_PAUSE + 1):
            rated_on = (last - timedelta(before)).isoformat()
            quoted = self._quoted[source].get(rated_on, {})
            if (factor := _factor(quoted, sold, bought)) is not None:
                return Rate(factor, source, rated_on)
        return None


def _factor(quoted: Mapping[Pair, Fraction], sold: str, bought: str) -> Fraction | None:
    """As quoted; else the inverse; else crossed over a third currency (the ECB quotes against the euro alone)."""
    both_ways = {pair[::-1]: 1 / rate for pair, rate in quoted.items() if rate} | dict(quoted)
    if (sold, bought) in both_ways:
        return both_ways[sold, bought]
    thirds = sorted({over for base, over in both_ways if base == sold and (over, bought) in both_ways})
    return both_ways[sold, thirds[0]] * both_ways[thirds[0], bought] if thirds else None
