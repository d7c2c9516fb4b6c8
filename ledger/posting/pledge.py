"""The life of a pledge: registered once, changed by law, defaulted on, realised, cancelled once, whatever order the log
has them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import ClassVar, NamedTuple

from ledger.posting.cells import NO_CURRENCY, NO_REGION, NOTHING, Kind, Lines, add_all, moved
from ledger.posting.facts import Facts, money
from ledger.posting.life import START, Life, Moves, NoEffect, Step, Track, missing, never
from ledger.posting.pool import UNKNOWN_AMOUNT, Amount, Pool
from schemas.events import CANCELLED, DEFAULTED, EXTENDED, MODIFIED, REALISED, REGISTERED

_UNTIL_REGISTERED = missing("registration")
_TWICE = never("second_registration")
_DEFAULTED = never("already_defaulted")
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
            "pledge.defaulted": _DEFAULTED,
            "pledge.realised": "defaulted and realised",
            "pledge.cancelled": "cancelled",
        },
        "realised": {
            "pledge.registered": _TWICE,
            "pledge.modified": "realised",
            "pledge.extended": "realised",
            "pledge.defaulted": "defaulted and realised",  # it was said late
            "pledge.realised": "realised",
            "pledge.cancelled": "cancelled",
        },
        "defaulted and realised": {
            "pledge.registered": _TWICE,
            "pledge.modified": "defaulted and realised",
            "pledge.extended": "defaulted and realised",
            "pledge.defaulted": _DEFAULTED,
            "pledge.realised": "defaulted and realised",
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


_OTHERWISE = ("secured", "pledgees", "debt_to")
"""What a modification can say beside the assets that it frees and adds."""


class Standing(NamedTuple):
    """What a pledge is at a moment of the fold: these assets secure this amount."""

    pool: Pool
    secured: Amount


class PledgeLife(Life):
    """A pledge on one basis. It is in force from its registration until its cancellation, realised or not."""

    tracks = (PLEDGE,)
    besides: ClassVar = {
        "not_in_pool": "a `pledge.modified` frees assets that are not in the pool, or not any more, or that only a "
        "later record adds, whatever its date; and it says no more",
        "already_in_pool": "a `pledge.modified` adds assets that are all in the pool already, frees none of them, and "
        "says no more",
        "no_asset_left": "a `pledge.modified` would leave no asset in the pool on a day from its own on: that is for a "
        "cancellation to say",
    }

    def __init__(self) -> None:
        super().__init__()
        self._since: list[tuple[int, Standing]] = []
        """What stands from which day on, by day. The last is also what the log has made of the pledge so far."""

    def effect(self, step: Step) -> Moves | NoEffect:
        """What one more registration, change, default, realisation or cancellation moves."""
        facts = step.facts
        date = facts["occurred_on"]
        if step.family == REGISTERED:
            return self._register(date, facts)
        if step.family == MODIFIED:
            return self._modify(date, facts)
        pool, secured = self._since[-1][1]
        if step.family == CANCELLED:
            return Moves(pool.lines(Kind.PLEDGE_CANCELLATIONS, date, secured), self._from(date, lambda _: None))
        if step.family == EXTENDED:
            return Moves(pool.lines(Kind.PLEDGE_EXTENSIONS, date, UNKNOWN_AMOUNT))
        if step.family == DEFAULTED:
            return Moves(pool.lines(Kind.PLEDGE_DEFAULTS, date, Amount(*money(facts, "overdue"))))
        assert step.family == REALISED
        return Moves(pool.lines(Kind.PLEDGE_REALISATIONS, date, Amount(*money(facts, "proceeds"))))

    def _register(self, date: int, facts: Facts) -> Moves:
        pool, secured = Pool(facts.get("region", NO_REGION), facts["assets"]), Amount(*money(facts, "secured"))
        self._since.append((date, Standing(pool, secured)))
        lines = pool.lines(Kind.PLEDGES, date, secured)
        return Moves(lines, lines)

    def _modify(self, date: int, facts: Facts) -> Moves | NoEffect:
        before = self._since[-1][1]
        secured = Amount(*facts["secured"]) if "secured" in facts else None
        released, added = frozenset(facts.get("released", ())), facts.get("added", ())
        changed = cache(lambda pool: pool.changed(released, added))
        if (released or added) and changed(before.pool) is before.pool and facts.keys().isdisjoint(_OTHERWISE):
            return never("already_in_pool" if added else "not_in_pool")
        if released and not all(changed(pool).assets for pool in self._pools_from(date)):
            return never("no_asset_left")

        def then(was: Standing) -> Standing:
            return Standing(changed(was.pool), secured or was.secured)

        return Moves(change(date, before, then(before)), self._from(date, then))

    def _pools_from(self, date: int) -> Iterator[Pool]:
        """Those that stand on a day and later, the last in time first."""
        for start, standing in reversed(self._since):
            yield standing.pool
            if start <= date:
                return

    def _from(self, date: int, then: Callable[[Standing], Standing | None]) -> Lines:
        """From a day on, what stands is what this makes of it; the differences that it makes to the stock.

        Each thing that a change says holds from the change's day on, over all that was said of it before, also of later
        days: an asset that it frees is free even where a record before it added that asset from a later day on, and one
        that it adds is in the pool even where a record before it freed that from a later day on. What it does not say
        goes on as it was: a change dated earlier does not bring an amount forward.
        """
        since = self._since
        day = max(date, since[0][0])
        spans = []
        while since[-1][0] > day:
            spans.append(since.pop())
        spans.append((day, since[-1][1]))
        if since[-1][0] == day:
            since.pop()
        stock: Lines = {}
        end = None
        restated = []
        for start, was in spans:  # the last in time first
            now = then(was)
            _put(stock, start, end, now, 1)
            _put(stock, start, end, was, -1)
            restated.append((start, now))
            end = start
        for start, standing in reversed(restated):
            if standing is not None and (not since or since[-1][1] != standing):
                since.append((start, standing))
        return moved(stock)


def change(date: int, before: Standing, after: Standing) -> Lines:
    """After minus before, cell by cell; over two currencies minus the old and plus the new, one event in each. What an
    industry has not, not yet or not any more, is a share of 0."""
    shares, old_shares = after.pool.shares(after.secured.minor), before.pool.shares(before.secured.minor)
    currency, old_currency = after.secured.currency, before.secured.currency
    known = int(currency != NO_CURRENCY)
    lines: Lines = {}
    for industry, right in {**before.pool.rights, **after.pool.rights}.items():
        cell = (Kind.PLEDGE_CHANGES, date, before.pool.region, right, industry)
        lines[*cell, currency] = (1, known, shares.get(industry, 0))
        if old_currency != NO_CURRENCY:
            new = lines.get((*cell, old_currency), NOTHING)[2]
            lines[*cell, old_currency] = (1, 1, new - old_shares.get(industry, 0))
    return lines


def _put(stock: Lines, start: int, end: int | None, standing: Standing | None, sign: int) -> None:
    """Add what stands from a day on; where it ends on another one, take it out there."""
    if standing is None:
        return
    lines = standing.pool.lines(Kind.PLEDGES, start, standing.secured)
    add_all(stock, {cell: (sign * e, sign * w, sign * a) for cell, (e, w, a) in lines.items()})
    if end is not None:
        ended = {
            (kind, end, region, right, industry, currency): (-sign * events, -sign * known, -sign * amount)
            for (kind, _, region, right, industry, currency), (events, known, amount) in lines.items()
        }
        add_all(stock, ended)
