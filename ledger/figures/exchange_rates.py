"""Exchange rates: an exact factor from one currency to another, by the rule of `views/sql/exchange_rate.sql`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from ledger.figures.question import NoData
from ledger.views.view import day as iso_day
from ledger.views.view import on_basis, statement

LONGEST_PAUSE = 10
"""A rate stands for so many days after its own at most, as the SQL has it: over holidays, never over years in which
there was none."""


class Rate(NamedTuple):
    """The factor, and whose rate of which day it is."""

    factor: Fraction
    source: str
    day: str


class Rates:
    """All rates of a book on one basis."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._sql = f"""WITH rate_asked AS (SELECT :sold AS sold, :bought AS bought, :as_of AS day),
exchange_rate AS (
{on_basis(statement("exchange_rate"), basis)})
SELECT rate_source, {iso_day("rated_on")}, first_rate, first_inverted, second_rate, second_inverted
FROM exchange_rate WHERE rate_source = :source OR :source IS NULL ORDER BY rate_source"""  # noqa: S608 - of our own constants

    def rate(self, sold: str, bought: str, source: str | None, day: str) -> Rate:
        """Return the rate of the day, else of the last of the days before that it stands for. Raise NoData."""
        asked = {"sold": sold, "bought": bought, "source": source, "as_of": int(day.replace("-", ""))}
        found = [_rate(*row) for row in self._connection.execute(self._sql, asked)]
        if not found:
            whose = source or "any source"
            raise NoData(f"no rate from {sold} to {bought} by {whose} on {day} or the {LONGEST_PAUSE} days before")
        if len(found) > 1:
            raise NoData(f"{', '.join(rate.source for rate in found)} have rates, and the figure names none")
        return found[0]


def _rate(source: str, day: str, first: str, inverted: int, second: str | None, second_inverted: int | None) -> Rate:
    factor = _leg(first, inverted)
    return Rate(factor if second is None else factor * _leg(second, second_inverted), source, day)


def _leg(rate: str, inverted: int | None) -> Fraction:
    return 1 / Fraction(rate) if inverted else Fraction(rate)
