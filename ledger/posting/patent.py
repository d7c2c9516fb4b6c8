"""The life of a patent: of its grants that remain in the basis, the first in the log counts."""

from __future__ import annotations

from ledger.posting.cells import ALL, NO_CURRENCY, Kind
from ledger.posting.life import Moves, Step

ONE_EVENT = (1, 0, 0)


class PatentLife:
    """One line with industry ALL and one with the patent's industry, at the grant date; later grants wait."""

    def __init__(self) -> None:
        self._granted = False

    def take(self, step: Step) -> Moves:
        """Take one more grant."""
        if self._granted:
            return Moves(waiting={step.offset: "second_grant"})
        self._granted = True
        date, region, right, industry = step.facts
        return Moves(
            {
                (Kind.GRANTS, date, region, right, ALL, NO_CURRENCY): ONE_EVENT,
                (Kind.GRANTS, date, region, right, industry, NO_CURRENCY): ONE_EVENT,
            }
        )
