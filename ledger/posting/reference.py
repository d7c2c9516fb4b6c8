"""The life of reference data: every event has an effect, and none is counted in totals."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.posting import rows, valuation_rows
from ledger.posting.facts import Facts, array
from ledger.posting.life import INITIAL, Life, Track
from ledger.posting.term import next_day
from schemas.events import ERASED, FX_RATE, MODEL_REGISTERED, PARTY_CONTROL, POLICY, POPULATION, WEIGHT_SET
from schemas.score import SCORE_TERMS

ANY_REFERENCE = Track(
    "reference",
    {
        INITIAL: {
            "reference.fx_rate": INITIAL,
            "reference.population": INITIAL,
            "reference.policy": INITIAL,
            "reference.published_figure": INITIAL,
            "reference.weight_set": INITIAL,
            "reference.model": INITIAL,
            "reference.control": INITIAL,
            "reference.erased": INITIAL,
        }
    },
)


class ReferenceLife(Life):
    """Exchange rates, populations, policies, weight sets, models, control of parties and published figures."""

    tracks = (ANY_REFERENCE,)

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield one row for each event."""
        for offset, family, facts in self.loose.values():
            day = facts["occurred_on"]
            if family == FX_RATE:
                yield rows.FxRateRow(offset, day, facts["rate_source"], facts["base"], facts["quote"], facts["rate"])
            elif family == POPULATION:
                counted = (facts["region"], facts["as_of"], facts["persons"], facts["publisher"])
                yield rows.PopulationRow(offset, day, *counted)
            elif family == POLICY:
                yield _policy(offset, day, facts)
            elif family == WEIGHT_SET:
                yield _weight_set(offset, day, facts)
            elif family == MODEL_REGISTERED:
                yield _model(offset, day, facts)
            elif family == PARTY_CONTROL:
                yield _control(offset, day, facts)
            elif family != ERASED:  # the journal has its facts
                yield _figure(offset, facts)


def _policy(offset: int, day: int, facts: Facts) -> rows.PolicyRow:
    valid_to = facts.get("valid_to")
    return rows.PolicyRow(
        offset,
        day,
        _until(valid_to),
        facts["policy"],
        facts.get("region"),
        facts.get("right"),
        facts["value"],
        facts.get("currency"),
        facts.get("anchor"),
        facts.get("issuer"),
        valid_to,
    )


def _weight_set(offset: int, day: int, facts: Facts) -> rows.WeightSetRow:
    valid_to, weights = facts.get("valid_to"), facts["weights"]
    named = (facts["name"], facts["purpose"], facts["publisher"], facts.get("document"))
    return rows.WeightSetRow(
        offset, day, _until(valid_to), *named, valid_to, *(weights.get(term, 0) for term in SCORE_TERMS)
    )


def _model(offset: int, day: int, facts: Facts) -> valuation_rows.ValuationModelRow:
    valid_to = facts.get("valid_to")
    named = (facts["model_id"], facts["model_version"], facts.get("model_hash"))
    about = (facts["owner"], facts["purpose"], facts.get("limits"), valid_to)
    return valuation_rows.ValuationModelRow(offset, day, _until(valid_to), *named, *about)


def _control(offset: int, day: int, facts: Facts) -> rows.PartyControlRow:
    valid_to, party, parent = facts.get("valid_to"), facts["party"], facts["parent"]
    named = (party.get("id", party["name"]), party["name"], parent.get("id", parent["name"]), parent["name"])
    return rows.PartyControlRow(offset, day, _until(valid_to), *named, facts.get("document"), valid_to)


def _until(valid_to: int | None) -> int:
    return rows.END if valid_to is None else next_day(valid_to)


def _figure(offset: int, facts: Facts) -> rows.PublishedFigureRow:
    rights = sorted({*facts.get("rights", ()), *([facts["right"]] if "right" in facts else ())})
    return rows.PublishedFigureRow(
        offset,
        facts["occurred_on"],
        facts["figure"],
        facts["metric"],
        facts.get("region"),
        array(rights or None),
        facts.get("industry"),
        facts.get("office"),
        array(sorted(facts["kinds"])) if "kinds" in facts else None,
        facts.get("scope"),
        facts.get("purpose"),
        facts.get("period_from"),
        facts["period_to"],
        facts["value"],
        facts.get("precision"),
        facts.get("rounding"),
        facts.get("bound"),
        facts.get("currency"),
        facts.get("converted_to"),
        facts.get("fx_source"),
        facts.get("fx_on"),
        facts["publisher"],
        facts.get("document"),
    )
