"""The life of a pledge: registered once, changed by law, cancelled once, whatever order the log has them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.posting.allocation import allocate
from ledger.posting.cells import ALL, MIXED, NO_CURRENCY, NOTHING, Kind, Lines, add_all, moved
from ledger.posting.life import Moves, Step
from schemas.events import CANCELLED, REGISTERED


class Secured(NamedTuple):
    """The secured debt at a moment of the fold; NO_CURRENCY where it is undisclosed."""

    currency: int
    amount: int


class Pool:
    """The pledged assets of one registration: which industries they touch, and how an amount is shared out."""

    def __init__(self, region: str, assets: Sequence[Sequence[int]]) -> None:
        self.region = region
        self.assets = assets
        self.rights: dict[int, int] = {}  # industry -> right of the assets there
        rights = self.rights
        for right, industry, _ in assets:
            for line in (ALL, industry):
                if rights.setdefault(line, right) != right:
                    rights[line] = MIXED

    def shares(self, amount: int) -> dict[int, int]:
        """Industry -> its part of the amount; ALL -> the whole. Minor units."""
        if len(self.rights) == 2 or not amount:  # one industry has it all
            return dict.fromkeys(self.rights, amount)
        shares = dict.fromkeys(self.rights, 0)
        shares[ALL] = amount
        parts = allocate(amount, [weight for _, _, weight in self.assets])
        for (_, industry, _), part in zip(self.assets, parts, strict=True):
            shares[industry] += part
        return shares

    def lines(self, kind: int, date: int, secured: Secured) -> Lines:
        """One event in each cell that the pool touches, with its share of what is secured."""
        currency, amount = secured
        known, region = int(currency != NO_CURRENCY), self.region
        shares = self.shares(amount)
        return {
            (kind, date, region, right, industry, currency): (1, known, shares[industry])
            for industry, right in self.rights.items()
        }

    def change(self, date: int, before: Secured, after: Secured) -> Lines:
        """After minus before, cell by cell; over two currencies minus the old and plus the new, one event in each."""
        kind = Kind.PLEDGE_CHANGES
        lines = self.lines(kind, date, after)
        if before.currency == NO_CURRENCY:
            return lines
        shares = self.shares(before.amount)
        for industry, right in self.rights.items():
            cell = (kind, date, self.region, right, industry, before.currency)
            lines[cell] = (1, 1, lines.get(cell, NOTHING)[2] - shares[industry])
        return lines


class PledgeLife:
    """A pledge on one basis. Changes and cancellations wait for the registration; after a cancellation all wait."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._early: list[Step] = []
        self._secured = Secured(NO_CURRENCY, 0)
        self._cancelled = False
        self._standing: list[tuple[int, Secured]] = []

    def take(self, step: Step) -> Moves:
        """Take one more registration, change or cancellation."""
        if step.family == REGISTERED:
            return self._register(step)
        if self._pool is None:
            self._early.append(step)
            return Moves(waiting={step.offset: "registration_missing"})
        return self._follow(self._pool, step)

    def _register(self, step: Step) -> Moves:
        if self._pool is not None:
            return Moves(waiting={step.offset: "second_registration"})
        date, region, currency, amount, assets = step.facts
        pool = self._pool = Pool(region, assets)
        secured = self._secured = Secured(currency, amount)
        self._standing.append((date, secured))
        lines = pool.lines(Kind.PLEDGES, date, secured)
        if not self._early:
            return Moves(lines, lines)
        stock, waiting = dict(lines), dict[int, str | None]()
        for early in self._early:
            moves = self._follow(pool, early)
            add_all(lines, moves.lines)
            add_all(stock, moves.stock)
            waiting |= moves.waiting or {early.offset: None}
        return Moves(lines, moved(stock), waiting)

    def _follow(self, pool: Pool, step: Step) -> Moves:
        if self._cancelled:
            return Moves(waiting={step.offset: "after_cancellation"})
        before, date = self._secured, step.facts[0]
        if step.family == CANCELLED:
            self._cancelled = True
            return Moves(pool.lines(Kind.PLEDGE_CANCELLATIONS, date, before), self._stands(pool, date, None))
        _, currency, amount = step.facts
        if currency == NO_CURRENCY:
            return Moves(pool.change(date, before, before))
        after = self._secured = Secured(currency, amount)
        return Moves(pool.change(date, before, after), self._stands(pool, date, after))

    def _stands(self, pool: Pool, date: int, secured: Secured | None) -> Lines:
        """What is in force from a day on is this, said last; None: nothing. The differences that it makes.

        What was said earlier in the log of that day and of later ones no longer stands, and what was said of earlier
        days goes on until then: a change said later and dated earlier does not bring an amount forward.
        """
        start = self._standing[0][0]
        day = max(date, start)
        stock: Lines = {}
        while self._standing and self._standing[-1][0] >= day:
            fallen_on, fallen = self._standing.pop()
            before = self._standing[-1][1] if self._standing else None
            self._put(stock, pool, fallen_on, fallen, -1)
            self._put(stock, pool, fallen_on, before, +1)
        self._put(stock, pool, day, self._standing[-1][1] if self._standing else None, -1)
        self._put(stock, pool, day, secured, +1)
        if secured is not None:
            self._standing.append((day, secured))
        return moved(stock)

    @staticmethod
    def _put(stock: Lines, pool: Pool, day: int, secured: Secured | None, sign: int) -> None:
        if secured is not None:
            lines = pool.lines(Kind.PLEDGES, day, secured)
            add_all(stock, {cell: (sign * e, sign * w, sign * a) for cell, (e, w, a) in lines.items()})
