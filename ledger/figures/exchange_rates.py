"""Exact exchange rates between two currencies, by the rule of `views/sql/exchange_rate.sql`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from ledger.figures.question import NotAvailable
from ledger.views.view import day as iso_day
from ledger.views.view import on_basis, view_sql

_LONGEST_PAUSE = 10
"""The age limit of a rate in days, as in the SQL: it bridges holidays, not years without a rate."""


class ExchangeRate(NamedTuple):
    """The factor, with the source and the day of the rate."""

    factor: Fraction
    source: str
    day: str


class ExchangeRates:
    """All rates of a book on one basis."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._sql = f"""WITH rate_asked AS (SELECT :sold AS sold, :bought AS bought, :as_of AS day),
exchange_rate AS (
{on_basis(view_sql("exchange_rate"), basis)})
SELECT rate_source, {iso_day("rated_on")}, first_rate, first_inverted, second_rate, second_inverted
FROM exchange_rate WHERE rate_source = :source OR :source IS NULL ORDER BY rate_source"""  # noqa: S608 - constants of this package only

    def rate(self, sold: str, bought: str, source: str | None, day: str) -> ExchangeRate:
        """Return the newest rate up to the day, at most LONGEST_PAUSE days old. Raise NotAvailable."""
        query = {"sold": sold, "bought": bought, "source": source, "as_of": int(day.replace("-", ""))}
        found = [_rate(*row) for row in self._connection.execute(self._sql, query)]
        if not found:
            whose = source or "any source"
            raise NotAvailable(
                f"no rate from {sold} to {bought} by {whose} on {day} or the {_LONGEST_PAUSE} days before"
            )
        if len(found) > 1:
            sources = ", ".join(rate.source for rate in found)
            raise NotAvailable(f"{sources} have rates, but the figure names no source")
        return found[0]


def _rate(
    source: str, day: str, first: str, inverted: int, second: str | None, second_inverted: int | None
) -> ExchangeRate:
    factor = _leg(first, inverted)
    return ExchangeRate(factor if second is None else factor * _leg(second, second_inverted), source, day)


def _leg(rate: str, inverted: int | None) -> Fraction:
    return 1 / Fraction(rate) if inverted else Fraction(rate)
