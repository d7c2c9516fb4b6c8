"""The life of the valuations of a subject: requests, inputs, answers and refusals."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.posting import rows, valuation_rows
from ledger.posting.cells import NO_RIGHT, UNKNOWN, Kind, Lines
from ledger.posting.facts import array, optional_money
from ledger.posting.life import INITIAL, Life, Step, Track
from ledger.posting.pool import Amount, single
from schemas.currencies import CURRENCIES
from schemas.events import VALUATION_INPUT, VALUATION_REFUSED, VALUATION_REQUESTED, VALUED

ANY_VALUATION = Track(
    "valuation",
    {
        INITIAL: {
            "valuation.completed": INITIAL,
            "valuation.requested": INITIAL,
            "valuation.refused": INITIAL,
            "valuation.input": INITIAL,
        }
    },
)

_APPROACHES = ("cost", "market", "income", "mixed")


class ValuationLife(Life):
    """Valuations of one subject. Each is counted; for each purpose, the one with the latest day is the latest."""

    tracks = (ANY_VALUATION,)

    def loose_lines(self, step: Step) -> Lines:
        """Count one valuation by its middle value. Nothing else changes a total."""
        facts = step.facts
        if step.family != VALUED:
            return {}
        return single(Kind.VALUATIONS, facts, facts.get("right", NO_RIGHT), Amount(*facts["mid"]))

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield each valuation, with the days on which it is the latest for its purpose; requests, refusals, inputs."""
        by_purpose: dict[str, list[Step]] = {}
        for step in self.loose.values():
            if step.family == VALUED:
                by_purpose.setdefault(step.facts["purpose"], []).append(step)
            else:
                yield _OTHERS[step.family](self.subject, step)
        for valuations in by_purpose.values():
            superseded_on = rows.END
            for step in sorted(valuations, key=lambda step: (step.facts["as_of"], step.offset), reverse=True):
                since = step.facts["occurred_on"]
                yield _valuation(self.subject, step, since, max(since, superseded_on))
                superseded_on = min(superseded_on, since)


def _valuation(subject: str, step: Step, since: int, until: int) -> valuation_rows.ValuationRow:
    facts = step.facts
    return valuation_rows.ValuationRow(
        step.offset,
        since,
        until,
        subject,
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
        facts.get("made_by"),
        facts.get("coverage"),
        facts.get("bound"),
        facts.get("request_id"),
        facts.get("request_source"),
    )


def _request(subject: str, step: Step) -> valuation_rows.ValuationRequestRow:
    facts = step.facts
    return valuation_rows.ValuationRequestRow(
        step.offset,
        subject,
        facts["occurred_on"],
        facts["purpose"],
        facts["approach"],
        facts["basis_of_value"],
        CURRENCIES[facts["currency"]].number,
        facts["as_of"],
        facts.get("comparables"),
        len(facts.get("assets", (None,))),
    )


def _refusal(_: str, step: Step) -> valuation_rows.ValuationRefusalRow:
    facts = step.facts
    return valuation_rows.ValuationRefusalRow(
        step.offset,
        facts["occurred_on"],
        facts["purpose"],
        facts["approach"],
        CURRENCIES[facts["currency"]].number,
        facts["as_of"],
        facts["reason"],
        facts["had"],
        facts["needed"],
        facts.get("asset"),
        facts["model_id"],
        facts["model_version"],
        facts["request_id"],
        facts["request_source"],
    )


def _input(_: str, step: Step) -> valuation_rows.ValuationInputRow:
    facts = step.facts
    scenario = facts.get("scenario", {})
    revenues = scenario.get("revenues")
    return valuation_rows.ValuationInputRow(
        step.offset,
        facts["occurred_on"],
        facts["name"],
        facts["stated_by"]["name"],
        facts.get("document"),
        (revenues or [facts.get("cost")])[0][0],
        optional_money(facts, "cost")[1],
        array(revenues and [minor for _, minor in revenues]),
        *(scenario.get(name) for name in ("royalty_bp", "tax_bp", "discount_bp")),
    )


_OTHERS = {VALUATION_REQUESTED: _request, VALUATION_REFUSED: _refusal, VALUATION_INPUT: _input}
