"""Words for events, to be translated where they are shown."""

from __future__ import annotations

from typing import Final

from ledger.web.pages.translator import N, Translator

_EVENTS: Final = {
    "filed": N("Filed"),
    "published": N("Published"),
    "granted": N("Granted"),
    "registered": N("Registered"),
    "modified": N("Modified"),
    "extended": N("Extended"),
    "cancelled": N("Cancelled"),
    "defaulted": N("Default"),
    "realised": N("Realised"),
    "ceased": N("Ceased"),
    "restored": N("Restored"),
    "invalidated": N("Declared invalid"),
    "fee_paid": N("Annual fee paid"),
    "tagged": N("Tagged"),
    "awarded": N("Award"),
    "challenged": N("Invalidation requested"),
    "preserved": N("Preserved by a court"),
    "completed": N("Valuation completed"),
    "renewed": N("Renewed"),
    "disbursed": N("Loan paid out"),
    "repaid": N("Repaid"),
    "compensated": N("Compensated"),
    "term_adjusted": N("Term adjusted"),
    "recorded": N("Recorded"),
    "licence": N("Licence"),
    "assignment": N("Assignment"),
    "corrected": N("Correction"),
    "voided": N("Void"),
    "read": N("Read by a model"),
    "upheld": N("Upheld"),
    "discharged": N("Discharged"),
    "alerted": N("Alert"),
    "acknowledged": N("Alert acknowledged"),
    "subsidised": N("Interest subsidised"),
    "declared": N("Open licence declared"),
    "accepted": N("Open licence accepted"),
    "withdrawn": N("Open licence withdrawn"),
    "requested": N("Valuation requested"),
    "refused": N("Valuation refused"),
    "input": N("Scenario or cost stated"),
    "control": N("Control of a party"),
    "erased": N("Erased by law"),
    "fx_rate": N("Exchange rate"),
    "model": N("Model registered"),
    "policy": N("Policy"),
    "population": N("Residents counted"),
    "published_figure": N("Figure printed"),
    "weight_set": N("Weights published"),
}
"""Words for events, by the parts of their type."""


def event_label(event_type: str | None, t: Translator) -> str:
    """Return the meaning of an event of this type, in words: `Modified` for `ip.pledge.modified.v1`."""
    parts = (event_type or "").split(".")[2:-1]
    known = [t(_EVENTS[part]) for part in parts if part in _EVENTS]
    return " · ".join(known) if known else (" ".join(parts).replace("_", " ") or "–")
