"""The events of an entity on a time line, and the parties that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ledger.place import place_of
from ledger.queries import Answer
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.event_words import event_label
from ledger.web.pages.parts import Moment, TimelineBlock
from ledger.web.pages.translator import N, Translator
from schemas.currencies import CURRENCIES

_BY_NUMBER: Final = {currency.number: currency for currency in CURRENCIES.values()}
_SHOWN: Final = {
    "secured": N("Secured"),
    "overdue": N("Overdue"),
    "proceeds": N("Proceeds"),
    "amount": N("Amount"),
    "price": N("Price"),
    "mid": N("Value"),
    "fee": N("Fee"),
    "debt_to": N("Debt due on"),
    "fee_year": N("Fee year"),
    "outcome": N("Outcome"),
    "reason": N("Reason"),
    "form": N("Form"),
    "method": N("Method"),
    "purpose": N("Purpose"),
}
"""Facts of an event that a time line shows."""
_TONES: Final = {
    **dict.fromkeys(("registered", "granted", "restored", "renewed"), "good"),
    **dict.fromkeys(("defaulted", "ceased", "invalidated", "voided"), "bad"),
    **dict.fromkeys(("challenged", "preserved", "extended", "corrected"), "warn"),
    **dict.fromkeys(("cancelled", "fee_paid", "filed", "published"), "quiet"),
}


def life(events: Answer, at: Address, t: Translator, *, span: int = 12) -> TimelineBlock:
    """Return the accepted events of an entity by their business dates, newest first."""
    rows = sorted(enumerate(events.shown_as_dicts()), key=lambda one: (one[1]["occurred_on"] or "", one[0]))
    return TimelineBlock(
        id="life",
        title=t("Life"),
        note=t("All accepted events, newest first. A correction is next to the event that it corrects."),
        span=span,
        moments=[_moment(row, at, t) for _, row in reversed(rows)],
        empty=t("No event."),
    )


def _moment(row: Mapping[str, Any], at: Address, t: Translator) -> Moment:
    place = place_of(row)
    parts = row["type"].split(".")
    tone = next((_TONES[part] for part in reversed(parts) if part in _TONES), "")
    waits = row["no_effect"]
    note = t("no effect yet: {reason}", reason=labels.value(waits, t)) if waits else ""
    return Moment(
        day=t.day(row["occurred_on"]),
        title=event_label(row["type"], t),
        note=note,
        href=at.link(f"/events/{place}"),
        tone="warn" if waits else tone,
        facts=_facts(row["facts"], t),
    )


def _facts(text: str | None, t: Translator) -> list[tuple[str, str]]:
    facts = json.loads(text) if text else None
    if not isinstance(facts, dict):
        return []
    shown = []
    for name, words in _SHOWN.items():
        value = facts.get(name)
        if value is None or isinstance(value, dict):
            continue
        shown.append((t(words), fact(name, value, t)))
    return shown


def fact(name: str, value: Any, t: Translator) -> str:
    """Return a fact in words: money, a day, or a code."""
    if isinstance(value, list) and len(value) == 2 and value[0] in _BY_NUMBER and isinstance(value[1], int):
        currency = _BY_NUMBER[value[0]]
        return f"{t.number(Decimal(value[1]).scaleb(-currency.decimals))} {currency.code}"
    if isinstance(value, int) and name.endswith(("_to", "_on", "_from")):
        return t.day(f"{value // 10_000:04}-{value // 100 % 100:02}-{value % 100:02}")
    if isinstance(value, str):
        return labels.value(value, t)
    return str(value)


def party_names(text: str | None, t: Translator) -> str:
    """Return the names in a list of parties; an en dash without any."""
    found = json.loads(text) if text else []
    return t.listed([party.get("name") or party.get("id") or "–" for party in found]) or "–"
