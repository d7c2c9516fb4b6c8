"""The life of a deal: licences, assignments and open licences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.posting import rows, valuation_rows
from ledger.posting.cells import (
    MERGERS,
    NO_CURRENCY,
    NO_REGION,
    PAYMENTS,
    Kind,
    Lines,
    add_all,
)
from ledger.posting.facts import Facts, array, money, optional_money
from ledger.posting.life import INITIAL, Life, Moves, Step, Track, missing, never
from ledger.posting.pool import Amount, AssetPool
from ledger.posting.timeline import Timeline, merged
from schemas.events import (
    ASSIGNED,
    LICENCE_CANCELLED,
    LICENCE_MODIFIED,
    LICENSED,
    NEED_PUBLISHED,
    OFFER_ACCEPTED,
    OFFERED,
)

_TWICE = never("second_recording")
_AFTER = never("after_cancellation")
LICENCE = Track(
    "licence",
    {
        INITIAL: {
            "licence.recorded": "recorded",
            "licence.modified": missing("licence"),
            "licence.cancelled": missing("licence"),
        },
        "recorded": {
            "licence.recorded": _TWICE,
            "licence.modified": "recorded",
            "licence.cancelled": "cancelled",
        },
        "cancelled": {"licence.recorded": _TWICE, "licence.modified": _AFTER, "licence.cancelled": _AFTER},
    },
)
ASSIGNMENT = Track(
    "assignment",
    {INITIAL: {"assignment.recorded": "recorded"}, "recorded": {"assignment.recorded": _TWICE}},
)
_UNTIL_OFFERED = missing("declaration")
OPEN_LICENCE = Track(
    "open licence",
    {
        INITIAL: {
            "open_licence.declared": "declared",
            "open_licence.accepted": _UNTIL_OFFERED,
            "open_licence.withdrawn": _UNTIL_OFFERED,
        },
        "declared": {
            "open_licence.declared": never("second_declaration"),
            "open_licence.accepted": "declared",
            "open_licence.withdrawn": "withdrawn",
        },
        "withdrawn": {
            "open_licence.declared": never("second_declaration"),
            "open_licence.accepted": never("after_withdrawal"),
            "open_licence.withdrawn": never("after_withdrawal"),
        },
    },
)
NEED = Track("need", {INITIAL: {"need.published": "published"}, "published": {"need.published": never("second_need")}})
_POOLED = {
    LICENSED: (Kind.LICENCES, "amount"),
    ASSIGNED: (Kind.ASSIGNMENTS, "price"),
    OFFERED: (Kind.OPEN_LICENCES, "amount"),
}
_CONVEYED = ("assignment", "merger")


class DealLife(Life):
    """A contract, an open licence, or a need. A change of name or a conveyance to a government is not a transaction."""

    tracks = (LICENCE, ASSIGNMENT, OPEN_LICENCE, NEED)

    def __init__(self) -> None:
        super().__init__()
        self._deals: dict[int, _Deal] = {}
        self._acceptances: list[rows.AcceptanceRow] = []
        self._need: Step | None = None

    def effect(self, step: Step) -> Moves:
        """Count one licence, assignment or offer over its pool, or one acceptance of an offer."""
        family, facts = step.family, step.facts
        date = facts["occurred_on"]
        if family in _POOLED:
            deal = self._deals[family] = _Deal(step)
            if family == ASSIGNED and facts["conveyance"] not in _CONVEYED:
                return Moves()
            kind, name = _POOLED[family]
            return Moves(deal.pool.lines(kind, date, Amount(*money(facts, name))))
        if family == OFFER_ACCEPTED:
            self._acceptances.append(rows.AcceptanceRow(step.offset, date, *optional_money(facts, "amount")))
            amount = Amount(*money(facts, "amount"))
            return Moves(self._deals[OFFERED].pool.lines(Kind.OPEN_LICENCE_ACCEPTANCES, date, amount))
        if family == NEED_PUBLISHED:
            self._need = step
            return Moves()
        self._deals[LICENSED if family in (LICENCE_MODIFIED, LICENCE_CANCELLED) else OFFERED].change(step)
        return Moves()

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield the contracts between their changes, their assets, acceptances of offers, and a need."""
        for deal in self._deals.values():
            yield from deal.state_rows()
        yield from self._acceptances
        if self._need is not None:
            yield _need(self._need)

    def stock(self, state_rows: Iterable[rows.Row]) -> Lines:
        """Return the contracts by payment, and mergers, from the day of their record on."""
        lines: Lines = {}
        for deal in self._deals.values():
            add_all(lines, deal.stock())
        for _, day, currency, minor in self._acceptances:
            amount = Amount(currency or NO_CURRENCY, minor or 0)
            add_all(lines, self._deals[OFFERED].paid(Kind.OPEN_LICENCE_ACCEPTANCES, day, amount))
        return lines


def _need(step: Step) -> valuation_rows.NeedRow:
    facts = step.facts
    return valuation_rows.NeedRow(
        step.offset,
        facts["occurred_on"],
        facts.get("region"),
        facts["text"],
        array(facts.get("codes")),
        (facts.get("seeker") or {}).get("name"),
        facts.get("valid_to"),
    )


class _Deal:
    """A licence, an assignment or an offer, with its changes."""

    def __init__(self, step: Step) -> None:
        facts = step.facts
        self._step = step
        self._since: int = facts["occurred_on"]
        self.pool = AssetPool(facts.get("region", NO_REGION), facts["assets"])
        self._amount: Timeline[Facts] = Timeline()
        self._royalty_bp: Timeline[int] = Timeline()
        self._royalty_base: Timeline[str] = Timeline()
        self._term_to: Timeline[int] = Timeline()
        self._ended_on: Timeline[int] = Timeline()
        self._set(self._since, facts, _POOLED[step.family][1])

    def change(self, step: Step) -> None:
        """Apply a modification, a cancellation or a withdrawal."""
        facts = step.facts
        date = facts["occurred_on"]
        if step.family == LICENCE_MODIFIED:
            self._set(max(date, self._since), facts, "amount")
        else:
            self._ended_on.set(date, date)

    def _set(self, day: int, facts: Facts, amount: str) -> None:
        timelines: tuple[Timeline[Any], ...] = (self._amount, self._royalty_bp, self._royalty_base, self._term_to)
        for timeline, name in zip(timelines, (amount, "royalty_bp", "royalty_base", "term_to"), strict=True):
            if name in facts:
                timeline.set(day, facts[name])

    def stock(self) -> Lines:
        """Return the contract by its payment, or as a merger, from the day of its record on."""
        facts, family = self._step.facts, self._step.family
        kind, name = _POOLED[family]
        amount = Amount(*money(facts, name))
        if family != ASSIGNED:
            return self.paid(kind, self._since, amount)
        return self.pool.lines(MERGERS, self._since, amount) if facts["conveyance"] == "merger" else {}

    def paid(self, kind: int, day: int, amount: Amount) -> Lines:
        """Return one contract of a kind with the payment of this one, if it gives any."""
        fee = self._step.facts.get("fee")
        return self.pool.lines(10 * kind + PAYMENTS[fee], day, amount) if fee else {}

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield the contract between its changes, and its assets."""
        facts, family = self._step.facts, self._step.family
        timelines = (self._amount, self._royalty_bp, self._royalty_base, self._term_to, self._ended_on)
        first_currency, first_minor = optional_money(facts, _POOLED[family][1])
        for since, until, (amount, royalty_bp, royalty_base, term_to, ended_on) in merged(self._since, timelines):
            currency, minor = amount or (None, None)
            yield rows.DealRow(
                family,
                since,
                until,
                self._step.offset,
                self._since,
                facts.get("region"),
                facts.get("licence") or facts.get("conveyance"),
                facts.get("fee"),
                currency,
                minor,
                first_currency,
                first_minor,
                royalty_bp,
                royalty_base,
                term_to,
                ended_on,
                facts.get("executed_on"),
                array(facts.get("assignees")),
            )
        for ordinal, asset in enumerate(facts["assets"]):
            appraised = optional_money(asset, "appraised")
            yield rows.DealAssetRow(family, ordinal, asset["id"], asset["right"], asset["industry"], *appraised)
