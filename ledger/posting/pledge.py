"""The life of a pledge: registered once, changed by law, cancelled once, whatever order the log has them in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.posting.allocation import allocate
from ledger.posting.cells import ALL, MIXED, NO_CURRENCY, Kind, Lines, add, difference
from ledger.posting.life import Contribution, Step
from schemas.events import CANCELLED, MODIFIED, REGISTERED

NEVER = 99_991_231


class Secured(NamedTuple):
    """The secured debt at a moment of the fold; NO_CURRENCY where it is undisclosed."""

    currency: int
    amount: int


class Change(NamedTuple):
    """An effective modification of what is secured: its date and what is secured from then on."""

    date: int
    after: Secured


class Pool:
    """The pledged assets of one registration: which industries they touch, and how an amount is shared out."""

    def __init__(self, region: str, assets: Sequence[Sequence[int]]) -> None:
        self.region = region
        self.weights = [weight for _, _, weight in assets]
        self.industries = [industry for _, industry, _ in assets]
        self.rights: dict[int, int] = {}
        for right, industry, _ in assets:
            for line in (ALL, industry):
                self.rights[line] = right if self.rights.get(line, right) == right else MIXED

    def shares(self, amount: int) -> dict[int, int]:
        """Industry -> its part of the amount; ALL -> the whole. Minor units."""
        shares = dict.fromkeys(self.rights, 0)
        shares[ALL] = amount
        if amount:
            for industry, part in zip(self.industries, allocate(amount, self.weights), strict=True):
                shares[industry] += part
        return shares

    def lines(self, kind: int, date: int, secured: Secured, minus: int = 0) -> Lines:
        """One event in each cell that the pool touches, with its share of `secured` less that of `minus`."""
        currency, amount = secured
        known = int(currency != NO_CURRENCY)
        after, before = self.shares(amount), self.shares(minus)
        region = self.region
        return {
            (kind, date, region, right, industry, currency): (1, known, after[industry] - before[industry])
            for industry, right in self.rights.items()
        }


def fold_pledge(steps: Sequence[Step]) -> Contribution:
    """What a pledge contributes, from its events in log order."""
    registrations = [step for step in steps if step.family == REGISTERED]
    if not registrations:
        return Contribution({}, {}, {step.offset: "registration_missing" for step in steps})
    date, region, currency, amount, assets = registrations[0].facts
    unmatched = {step.offset: "second_registration" for step in registrations[1:]}
    pool, registered = Pool(region, assets), Secured(currency, amount)
    lines = pool.lines(Kind.PLEDGES, date, registered)
    if len(steps) == 1:
        return Contribution(lines, lines, unmatched)

    secured, changes, cancelled_on = registered, list[Change](), NEVER
    for step in steps:
        if step.family == REGISTERED:
            continue
        if cancelled_on != NEVER:
            unmatched[step.offset] = "after_cancellation"
        elif step.family == CANCELLED:
            cancelled_on = step.facts[0]
            _add_all(lines, pool.lines(Kind.PLEDGE_CANCELLATIONS, cancelled_on, secured))
        elif step.family == MODIFIED:
            changed_on, *said = step.facts
            after = Secured(*said) if said[0] != NO_CURRENCY else secured
            _add_all(lines, _change_lines(pool, changed_on, secured, after))
            if said[0] != NO_CURRENCY:
                changes.append(Change(changed_on, after))
            secured = after
    stock = _stock(pool, date, registered, changes, cancelled_on)
    return Contribution(lines, stock, dict(sorted(unmatched.items())))


def _change_lines(pool: Pool, date: int, before: Secured, after: Secured) -> Lines:
    """After minus before, cell by cell; over two currencies minus the old and plus the new, one event in each."""
    kind = Kind.PLEDGE_CHANGES
    if before.currency == after.currency:
        return pool.lines(kind, date, after, minus=before.amount)
    plus = pool.lines(kind, date, after)
    if before.currency == NO_CURRENCY:
        return plus
    return pool.lines(kind, date, Secured(before.currency, 0), minus=before.amount) | plus


def _stock(pool: Pool, start: int, registered: Secured, changes: Sequence[Change], end: int) -> Lines:
    """What is in force, as differences by date: from the registration until the day before the cancellation."""
    stock: Lines = {}
    standing: Lines = {}
    for day, secured in _by_day(start, registered, changes):
        if day >= end:
            break
        now = pool.lines(Kind.PLEDGES, day, secured)
        _add_all(stock, difference(now, _on(standing, day)))
        standing = now
    if standing and end != NEVER:
        _add_all(stock, difference({}, _on(standing, end)))
    return stock


def _by_day(start: int, registered: Secured, changes: Sequence[Change]) -> Iterator[tuple[int, Secured]]:
    """What is secured from each day on, in the order of days.

    It is what the last in the log of the changes dated up to that day said: a change of something else, said later
    and dated earlier, does not bring an amount forward.
    """
    last = {start: -1}  # day -> the place in the log of the last change dated so
    for place, change in enumerate(changes):
        last[max(start, change.date)] = place
    latest = -1
    for day in sorted(last):
        latest = max(latest, last[day])
        yield day, registered if latest < 0 else changes[latest].after


def _on(lines: Lines, day: int) -> Lines:
    return {(cell[0], day, *cell[2:]): measure for cell, measure in lines.items()}


def _add_all(lines: Lines, more: Lines) -> None:
    for cell, measure in more.items():
        add(lines, cell, measure)
