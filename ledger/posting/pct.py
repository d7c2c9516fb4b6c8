"""The life of an international application."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.posting import rows
from ledger.posting.cells import NO_RIGHT, Kind
from ledger.posting.facts import Facts
from ledger.posting.life import INITIAL, Life, Moves, Step, Track, never
from ledger.posting.pool import single

_PCT = Track("application", {INITIAL: {"pct.filed": "filed"}, "filed": {"pct.filed": never("second_filing")}})


class PctLife(Life):
    """An international application (PCT): filed once."""

    tracks = (_PCT,)

    def __init__(self) -> None:
        super().__init__()
        self._filing: Facts | None = None

    def effect(self, step: Step) -> Moves:
        """Count one filing, by the origin of its first applicant."""
        self._filing = step.facts
        return Moves(single(Kind.PCT_FILINGS, step.facts, NO_RIGHT))

    def state_rows(self) -> Iterator[rows.PctFilingRow]:
        """Yield the application."""
        if self._filing is not None:
            facts = self._filing
            origin = facts.get("region") or facts["applicants"][0].get("country")
            yield rows.PctFilingRow(facts["occurred_on"], origin, facts["receiving_office"])
