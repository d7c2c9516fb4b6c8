"""The life of a pledge: registered once, changed by law, defaulted on, realised, cancelled once, whatever order the log
has them in."""

from __future__ import annotations

from typing import NamedTuple

from ledger.posting.cells import NO_CURRENCY, NO_REGION, NOTHING, Kind, Lines, add_all, moved
from ledger.posting.facts import Facts, money
from ledger.posting.life import START, Life, Moves, NoEffect, Step, Track, missing, never
from ledger.posting.pool import UNKNOWN_AMOUNT, Amount, Pool
from schemas.events import CANCELLED, DEFAULTED, EXTENDED, REALISED, REGISTERED

_UNTIL_REGISTERED = missing("registration")
_TWICE = never("second_registration")
_AFTER = never("after_cancellation")

PLEDGE = Track(
    "pledge",
    {
        START: {
            "pledge.registered": "registered",
            "pledge.modified": _UNTIL_REGISTERED,
            "pledge.extended": _UNTIL_REGISTERED,
            "pledge.defaulted": _UNTIL_REGISTERED,
            "pledge.realised": _UNTIL_REGISTERED,
            "pledge.cancelled": _UNTIL_REGISTERED,
        },
        "registered": {
            "pledge.registered": _TWICE,
            "pledge.modified": "registered",
            "pledge.extended": "registered",
            "pledge.defaulted": "defaulted",
            "pledge.realised": "realised",
            "pledge.cancelled": "cancelled",
        },
        "defaulted": {
            "pledge.registered": _TWICE,
            "pledge.modified": "defaulted",
            "pledge.extended": "defaulted",
            "pledge.defaulted": never("already_defaulted"),
            "pledge.realised": "realised",
            "pledge.cancelled": "cancelled",
        },
        "realised": {
            "pledge.registered": _TWICE,
            "pledge.modified": "realised",
            "pledge.extended": "realised",
            "pledge.defaulted": never("already_realised"),
            "pledge.realised": "realised",
            "pledge.cancelled": "cancelled",
        },
        "cancelled": {
            "pledge.registered": _TWICE,
            "pledge.modified": _AFTER,
            "pledge.extended": _AFTER,
            "pledge.defaulted": _AFTER,
            "pledge.realised": _AFTER,
            "pledge.cancelled": _AFTER,
        },
    },
)


class Standing(NamedTuple):
    """What a pledge is at a moment of the fold: these assets secure this amount."""

    pool: Pool
    secured: Amount


class PledgeLife(Life):
    """A pledge on one basis. It is in force from its registration until its cancellation, realised or not."""

    tracks = (PLEDGE,)

    def __init__(self) -> None:
        super().__init__()
        self._standing: list[tuple[int, Standing]] = []

    def effect(self, step: Step) -> Moves | NoEffect:
        """What one more registration, change, default, realisation or cancellation moves."""
        facts = step.facts
        date = facts["occurred_on"]
        if step.family == REGISTERED:
            return self._register(date, facts)
        pool, secured = self._now
        if step.family == CANCELLED:
            return Moves(pool.lines(Kind.PLEDGE_CANCELLATIONS, date, secured), self._stands(date, None))
        if step.family == EXTENDED:
            return Moves(pool.lines(Kind.PLEDGE_EXTENSIONS, date, UNKNOWN_AMOUNT))
        if step.family == DEFAULTED:
            return Moves(pool.lines(Kind.PLEDGE_DEFAULTS, date, Amount(*money(facts, "overdue"))))
        if step.family == REALISED:
            return Moves(pool.lines(Kind.PLEDGE_REALISATIONS, date, Amount(*money(facts, "proceeds"))))
        return self._modify(date, facts)

    def _register(self, date: int, facts: Facts) -> Moves:
        pool = Pool(facts.get("region", NO_REGION), facts["assets"])
        self._now = Standing(pool, Amount(*money(facts, "secured")))
        self._standing.append((date, self._now))
        lines = pool.lines(Kind.PLEDGES, date, self._now.secured)
        return Moves(lines, lines)

    def _modify(self, date: int, facts: Facts) -> Moves | NoEffect:
        before = self._now
        after = before
        if "released" in facts:
            after = after._replace(pool=before.pool.without(frozenset(facts["released"])))
            if not after.pool.assets:
                return never("no_asset_left")
        if "secured" in facts:
            after = after._replace(secured=Amount(*facts["secured"]))
        self._now = after
        return Moves(change(date, before, after), {} if after is before else self._stands(date, after))

    def _stands(self, date: int, standing: Standing | None) -> Lines:
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
            _put(stock, fallen_on, fallen, -1)
            _put(stock, fallen_on, before, +1)
        _put(stock, day, self._standing[-1][1] if self._standing else None, -1)
        _put(stock, day, standing, +1)
        if standing is not None:
            self._standing.append((day, standing))
        return moved(stock)


def change(date: int, before: Standing, after: Standing) -> Lines:
    """After minus before, cell by cell; over two currencies minus the old and plus the new, one event in each."""
    shares, old_shares = after.pool.shares(after.secured.minor), before.pool.shares(before.secured.minor)
    currency, old_currency = after.secured.currency, before.secured.currency
    known = int(currency != NO_CURRENCY)
    lines: Lines = {}
    for industry, right in before.pool.rights.items():
        cell = (Kind.PLEDGE_CHANGES, date, before.pool.region, right, industry)
        lines[*cell, currency] = (1, known, shares.get(industry, 0))
        if old_currency != NO_CURRENCY:
            new = lines.get((*cell, old_currency), NOTHING)[2]
            lines[*cell, old_currency] = (1, 1, new - old_shares[industry])
    return lines


def _put(stock: Lines, day: int, standing: Standing | None, sign: int) -> None:
    if standing is not None:
        lines = standing.pool.lines(Kind.PLEDGES, day, standing.secured)
        add_all(stock, {cell: (sign * e, sign * w, sign * a) for cell, (e, w, a) in lines.items()})
