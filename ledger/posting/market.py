"""The lives of valuations and of international applications."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.posting import rows
from ledger.posting.cells import (
    NO_RIGHT,
    UNKNOWN,
    Kind,
)
from ledger.posting.facts import Facts, optional_money
from ledger.posting.life import START, Life, Moves, Step, Track, never
from ledger.posting.pool import Amount, single

ANY_VALUATION = Track("valuation", {START: {"valuation.completed": START}})
PCT = Track("application", {START: {"pct.filed": "filed"}, "filed": {"pct.filed": never("second_filing")}})


_APPROACHES = ("cost", "market", "income", "mixed")


class ValuationLife(Life):
    """Valuations of one subject. Each is counted; for each purpose, the one with the latest day is the latest."""

    tracks = (ANY_VALUATION,)

    def __init__(self) -> None:
        super().__init__()
        self._valuations: dict[str, list[Step]] = {}

    def effect(self, step: Step) -> Moves:
        """Count one valuation by its middle value."""
        facts = step.facts
        self._valuations.setdefault(facts["purpose"], []).append(step)
        return Moves(single(Kind.VALUATIONS, facts, facts.get("right", NO_RIGHT), Amount(*facts["mid"])))

    def state_rows(self) -> Iterator[rows.Valuation]:
        """Yield each valuation, with the days on which it is the latest for its purpose."""
        for valuations in self._valuations.values():
            superseded_on = rows.END
            for step in sorted(valuations, key=lambda step: (step.facts["as_of"], step.offset), reverse=True):
                since = step.facts["occurred_on"]
                yield _valuation(step, since, max(since, superseded_on))
                superseded_on = min(superseded_on, since)


def _valuation(step: Step, since: int, until: int) -> rows.Valuation:
    facts = step.facts
    return rows.Valuation(
        step.offset,
        since,
        until,
        facts["valuation_id"],
        facts["purpose"],
        facts["method"],
        facts.get("approach") or (facts["method"] if facts["method"] in _APPROACHES else None),
        facts.get("basis_of_value"),
        facts.get("platform"),
        (facts.get("appraiser") or {}).get("name"),
        facts.get("model_id"),
        facts.get("model_version"),
        facts["as_of"],
        facts.get("region"),
        facts.get("right"),
        facts.get("industry", UNKNOWN),
        facts["mid"][0],
        optional_money(facts, "low")[1],
        facts["mid"][1],
        optional_money(facts, "high")[1],
    )


class PctLife(Life):
    """An international application (PCT): filed once."""

    tracks = (PCT,)

    def __init__(self) -> None:
        super().__init__()
        self._filing: Facts | None = None

    def effect(self, step: Step) -> Moves:
        """Count one filing, by the origin of its first applicant."""
        self._filing = step.facts
        return Moves(single(Kind.PCT_FILINGS, step.facts, NO_RIGHT))

    def state_rows(self) -> Iterator[rows.PctFiling]:
        """Yield the application."""
        if self._filing is not None:
            facts = self._filing
            origin = facts.get("region") or facts["applicants"][0].get("country")
            yield rows.PctFiling(facts["occurred_on"], origin, facts["receiving_office"])
