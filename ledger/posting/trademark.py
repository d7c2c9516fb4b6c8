"""The life of a trademark: filed, registered, renewed, ceased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.posting import rows
from ledger.posting.cells import (
    NO_REGION,
    RIGHTS,
    UNKNOWN,
    Kind,
    Lines,
    Stock,
    add_all,
    nonzero,
)
from ledger.posting.facts import Facts
from ledger.posting.life import INITIAL, Life, Moves, Step, Track, missing, never
from ledger.posting.pool import in_force, single
from ledger.posting.term import next_day
from ledger.posting.timeline import Timeline, merged
from schemas.events import (
    MARK_CEASED,
    MARK_FILED,
    MARK_REGISTERED,
)

_UNTIL_REGISTERED = missing("registration")
_CEASED = never("after_cessation")
MARK_FILING = Track(
    "filing",
    {INITIAL: {"trademark.filed": "filed"}, "filed": {"trademark.filed": never("second_filing")}},
)
MARK = Track(
    "trademark",
    {
        INITIAL: {
            "trademark.registered": "registered",
            "trademark.renewed": _UNTIL_REGISTERED,
            "trademark.ceased": _UNTIL_REGISTERED,
        },
        "registered": {
            "trademark.registered": never("second_registration"),
            "trademark.renewed": "registered",
            "trademark.ceased": "ceased",
        },
        "ceased": {
            "trademark.registered": never("second_registration"),
            "trademark.renewed": _CEASED,
            "trademark.ceased": _CEASED,
        },
    },
)


class TrademarkLife(Life):
    """A trademark: filed once, registered once, renewed any number of times until it ceases."""

    tracks = (MARK_FILING, MARK)

    def __init__(self) -> None:
        super().__init__()
        self._filing: Timeline[Facts] = Timeline()
        self._registration: Timeline[Facts] = Timeline()
        self._terms: list[tuple[int, int]] = []
        """(day of a registration or renewal, last day of its term)"""
        self._ceased_on: Timeline[int] = Timeline()

    def effect(self, step: Step) -> Moves:
        """Count one filing, registration or cessation; a renewal changes no total."""
        family, facts = step.family, step.facts
        date = facts["occurred_on"]
        if family == MARK_FILED:
            self._filing.set(date, facts)
            return Moves(single(Kind.TRADEMARK_FILINGS, facts, RIGHTS["trademark"]))
        if family == MARK_REGISTERED:
            self._registration.set(date, facts)
            if "valid_to" in facts:
                self._terms.append((date, facts["valid_to"]))
            return Moves(single(Kind.TRADEMARKS, facts, RIGHTS["trademark"]))
        ((_, registration),) = self._registration
        if family == MARK_CEASED:
            self._ceased_on.set(date, date)
            where = {**facts, "region": registration.get("region", NO_REGION)}
            return Moves(single(Kind.TRADEMARK_CESSATIONS, where, RIGHTS["trademark"]))
        self._terms.append((date, facts["valid_to"]))
        return Moves()

    def _valid_to(self) -> Timeline[int]:
        """Return the last day of the term, by day. A renewal after that day takes effect on the next: a new term runs
        from the end of the old one (Trademark Law Art. 40), so a mark renewed in its grace period has no gap."""
        timeline: Timeline[int] = Timeline()
        for day, valid_to in sorted(self._terms):
            held = timeline[-1][1] if timeline else None
            if held is None or valid_to > held:
                timeline.set(day if held is None else min(day, next_day(held)), valid_to)
        return timeline

    def stock(self, state_rows: Iterable[rows.Row]) -> Lines:
        """Return the trademark while it is valid, as differences by day."""
        lines: Lines = {}
        for mark in state_rows:
            assert isinstance(mark, rows.TrademarkRow), "a trademark has no other rows"
            until = min(mark.until, next_day(mark.valid_to) if mark.valid_to is not None else rows.END)
            if mark.registered_on is not None and mark.ceased_on is None and until > mark.since:
                where = (mark.region or NO_REGION, RIGHTS["trademark"], UNKNOWN)
                add_all(lines, in_force(Stock.TRADEMARKS, mark.since, until, *where))
        return nonzero(lines)

    def state_rows(self) -> Iterator[rows.TrademarkRow]:
        """Yield the trademark between its changes."""
        timelines = (self._filing, self._registration, self._valid_to(), self._ceased_on)
        days = [timeline[0][0] for timeline in timelines[:2] if timeline]
        if days:
            for since, until, state in merged(min(days), timelines, _mark_state):
                yield rows.TrademarkRow(since, until, *state)


def _mark_state(
    filing: Facts | None, registration: Facts | None, valid_to: int | None, ceased_on: int | None
) -> tuple[int | str | None, ...]:
    filing, registration = filing or {}, registration or {}
    office, region = registration.get("office"), registration.get("region")
    filed = (filing.get("occurred_on"), filing.get("office"), filing.get("region"))
    return (*filed, registration.get("occurred_on"), office, region, valid_to, ceased_on)
