"""The life of a pledge: registered, modified, extended, defaulted, realised, cancelled, in any order of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from ledger.posting import collateral_rows, rows
from ledger.posting.cells import (
    ALL_INDUSTRIES,
    MIXED,
    NO_CURRENCY,
    NO_REGION,
    NO_RIGHT,
    NOTHING,
    Due,
    Kind,
    Lines,
    Stock,
    add_all,
)
from ledger.posting.facts import Facts, array, money, optional_money
from ledger.posting.life import INITIAL, Life, Moves, NoEffect, Step, Track, missing, never
from ledger.posting.pool import UNKNOWN_AMOUNT, Amount, AssetPool
from ledger.posting.stays import Stays
from ledger.posting.timeline import Timeline, merged
from schemas.events import ACKNOWLEDGED, CANCELLED, DEFAULTED, EXTENDED, MODIFIED, REALISED, REGISTERED

_UNTIL_REGISTERED = missing("registration")
_TWICE = never("second_registration")
_DEFAULTED = never("already_defaulted")
_AFTER = never("after_cancellation")

PLEDGE = Track(
    "pledge",
    {
        INITIAL: {
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
            "pledge.defaulted": "defaulted and realised",  # it arrived late
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


ALERT = Track("alert", {INITIAL: {"collateral.alerted": INITIAL, "collateral.acknowledged": INITIAL}})
_OTHER_CHANGES = ("secured", "pledgees", "debt_to")
"""Fields that a modification can change besides its assets."""


class SecuredPool(NamedTuple):
    """The assets of a pledge and the amount that they secure."""

    pool: AssetPool
    secured: Amount


class PledgeLife(Life):
    """A pledge on one basis. It is in force from registration to cancellation, realised or not."""

    tracks = (PLEDGE, ALERT)
    besides: ClassVar = {
        "not_in_pool": "a `pledge.modified` that changes nothing else releases only assets that are not in the pool: "
        "never added, already released, or added only by a later record, whatever its date",
        "already_in_pool": "a `pledge.modified` that changes nothing else adds only assets that are in the pool "
        "already, and releases none of them",
        "no_asset_left": "a `pledge.modified` would leave no asset in the pool on its own or a later day: publish a "
        "cancellation instead",
    }

    def __init__(self) -> None:
        super().__init__()
        self._registration: Step | None = None
        self._right = MIXED
        """The right of all assets as registered."""
        self._state: SecuredPool | None = None
        """The pledge after all steps so far."""
        self._opening: AssetPool | None = None
        """The pool as registered."""
        self._stays: Stays | None = None
        """The stays of its assets, once an event changes them."""
        self._ended = rows.END
        """The first day on which the pledge is not in force."""
        self._secured: Timeline[Amount] = Timeline()
        self._debt_to: Timeline[int] = Timeline()
        self._pledgees: Timeline[Facts] = Timeline()
        self._cancelled: Timeline[int] = Timeline()
        self._cancelled_for: Timeline[str] = Timeline()
        self._inferred: Timeline[str] = Timeline()
        self._defaulted: Timeline[int] = Timeline()
        self._realised: Timeline[int] = Timeline()
        self._payments: list[collateral_rows.PledgePaymentRow] = []

    def effect(self, step: Step) -> Moves | NoEffect:
        """Apply one registration, change, default, realisation or cancellation."""
        facts = step.facts
        date = facts["occurred_on"]
        if step.family == REGISTERED:
            return self._register(step)
        if step.family == MODIFIED:
            return self._modify(date, facts)
        assert self._state is not None, "nothing has effect before a registration"
        pool, secured = self._state
        if step.family == CANCELLED:
            self._ended = self._no_earlier(date)
            self._cancelled.set(date, date)
            if "reason_code" in facts:
                self._cancelled_for.set(date, facts["reason_code"])
            if "matched" in facts:
                self._inferred.set(date, facts.get("matched_by", facts["matched"]))
            return Moves(pool.lines(Kind.PLEDGE_CANCELLATIONS, date, secured))
        if step.family == EXTENDED:
            self._debt_to.set(date, facts["debt_to"])
            return Moves(pool.lines(Kind.PLEDGE_EXTENSIONS, date, UNKNOWN_AMOUNT))
        if step.family == DEFAULTED:
            self._defaulted.set(date, date)
            return self._pay(step, Kind.PLEDGE_DEFAULTS, "overdue")
        assert step.family == REALISED
        self._realised.set(date, date)
        return self._pay(step, Kind.PLEDGE_REALISATIONS, "proceeds")

    def _register(self, step: Step) -> Moves:
        date, facts = step.facts["occurred_on"], step.facts
        pool, secured = AssetPool(facts.get("region", NO_REGION), facts["assets"]), Amount(*money(facts, "secured"))
        self._registration = step
        self._right = pool.rights[ALL_INDUSTRIES]
        self._opening, self._state = pool, SecuredPool(pool, secured)
        self._secured.set(date, secured)
        if "debt_to" in facts:
            self._debt_to.set(date, facts["debt_to"])
        return Moves(pool.lines(Kind.PLEDGES, date, secured))

    def _modify(self, date: int, facts: Facts) -> Moves | NoEffect:
        before = self._state
        assert before is not None, "nothing changes before a registration"
        secured = Amount(*facts["secured"]) if "secured" in facts else None
        released, added = frozenset(facts.get("released", ())), facts.get("added", ())
        pool = before.pool.changed(released, added) if released or added else before.pool
        if (released or added) and pool is before.pool and facts.keys().isdisjoint(_OTHER_CHANGES):
            return never("already_in_pool" if added else "not_in_pool")
        day = self._no_earlier(date)
        if released and not added and self._changing().leaves_none(day, released):
            return never("no_asset_left")
        if released or added:
            self._changing().change(day, released, added)
        if secured:
            self._secured.set(day, secured)
        if "debt_to" in facts:
            self._debt_to.set(day, facts["debt_to"])
        if "pledgees" in facts:
            self._pledgees.set(date, facts["pledgees"])
        self._state = SecuredPool(pool, secured or before.secured)
        return Moves(_change(date, before, self._state))

    def _changing(self) -> Stays:
        if self._stays is None:
            assert self._opening is not None, "no pool before the registration"
            self._stays = Stays(self._registered_on, self._opening)
        return self._stays

    def _pay(self, step: Step, kind: int, name: str) -> Moves:
        assert self._state is not None, "nothing is paid before a registration"
        pool = self._state.pool
        date, amount = step.facts["occurred_on"], Amount(*money(step.facts, name))
        self._payments.append(
            collateral_rows.PledgePaymentRow(step.offset, step.family, date, *optional_money(step.facts, name))
        )
        return Moves(pool.lines(kind, date, amount))

    @property
    def _registered_on(self) -> int:
        assert self._registration is not None, "nothing changes before the registration"
        day: int = self._registration.facts["occurred_on"]
        return day

    def _no_earlier(self, date: int) -> int:
        """Return the first day of a change, but not before the registration."""
        return max(date, self._registered_on)

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield the registration, the states between changes, the assets, the payments and the alerts."""
        yield from map(_alert, self.loose.values())
        step = self._registration
        if step is None:
            return
        facts = step.facts
        registered_on = facts["occurred_on"]
        yield rows.PledgeRow(
            step.offset,
            registered_on,
            facts.get("region"),
            facts["registration_no"],
            facts.get("deal_id"),
            facts["amount_status"],
            self._right,
            *optional_money(facts, "secured"),
            facts.get("debt_from"),
            facts.get("debt_to"),
            array(facts.get("pledgors")),
            array(facts.get("pledgees")),
            array([facts["debtor"]] if "debtor" in facts else None),
            facts.get("co_owners_consent"),
            array(facts.get("waivers")),
        )
        days = self._cancelled, self._cancelled_for, self._defaulted, self._realised
        timelines = (self._secured, self._debt_to, self._pledgees, *days, self._inferred)
        for since, until, state in merged(registered_on, timelines, _state):
            yield rows.PledgeStateRow(since, until, *state)
        yield from self._asset_rows()
        yield from self._payments

    def stock(self, state_rows: Iterable[rows.Row]) -> Lines:
        """Return the pledge in force, as differences by day, and its debt if it stands."""
        lines: Lines = self._due()
        if self._opening is None:
            return lines
        start, whole = self._registered_on, (self._registered_on, rows.END, self._opening)
        amounts = self._secured.spans()
        _, held, secured = next(amounts)
        for _, until, pool in self._stays.pools() if self._stays is not None else (whole,):
            while start < until:
                end = min(held, until, self._ended)
                if start < end:
                    _put(lines, start, end, SecuredPool(pool, secured))
                start = min(held, until)
                if held == start < rows.END:
                    _, held, secured = next(amounts)
        return lines

    def _due(self) -> Lines:
        """Return the debt of a pledge that stands after all days, by its due date."""
        if self._opening is None or self._cancelled:
            return {}
        currency, minor = self._secured[-1][1]
        due = self._debt_to[-1][1] if self._debt_to else rows.END
        where = (due, NO_REGION, NO_RIGHT, ALL_INDUSTRIES, currency)
        lines: Lines = {(Due.PLEDGES, *where): (1, int(currency != NO_CURRENCY), minor)}
        if self._defaulted:
            lines[Due.DEFAULTED, *where] = (1, 0, 0)
        return lines

    def _asset_rows(self) -> Iterator[rows.PledgeAssetRow]:
        """Yield each period of an asset in the pool."""
        assert self._opening is not None, "no pool before the registration"
        registered_on = self._registered_on
        if self._stays is None:  # the usual case
            for ordinal, asset in enumerate(self._opening.assets):
                yield _asset_row(ordinal, registered_on, self._ended, asset)
            return
        never_in = dict.fromkeys(range(len(self._opening.assets)))
        for ordinal, since, until in self._stays:
            if since < self._ended:
                never_in.pop(ordinal, None)
                yield _asset_row(ordinal, since, min(until, self._ended), self._stays.assets[ordinal])
        for ordinal in never_in:
            yield _asset_row(ordinal, registered_on, registered_on, self._stays.assets[ordinal])


def _asset_row(ordinal: int, since: int, until: int, asset: Facts) -> rows.PledgeAssetRow:
    appraised = optional_money(asset, "appraised")
    return rows.PledgeAssetRow(ordinal, since, until, asset["id"], asset["right"], asset["industry"], *appraised)


def _state(secured: Amount, *others: int | Facts) -> tuple[int | Facts, ...]:
    currency, minor = secured
    debt_to, pledgees, *days = others
    known = (currency, minor) if currency != NO_CURRENCY else (None, None)
    return (*known, debt_to, array(pledgees), *days)


def _change(date: int, before: SecuredPool, after: SecuredPool) -> Lines:
    """Return after minus before, cell by cell. If the currency changes: minus the old and plus the new amount, one
    event in each. An industry that is not in one of the pools has a share of 0 there."""
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


def _put(stock: Lines, start: int, end: int, state: SecuredPool) -> None:
    """Add the pledge's lines on a day, and subtract them on the day on which it ends or changes."""
    lines = state.pool.lines(Stock.PLEDGES, start, state.secured)
    add_all(stock, lines)
    if end != rows.END:
        ended = {
            (kind, end, region, right, industry, currency): (-events, -known, -amount)
            for (kind, _, region, right, industry, currency), (events, known, amount) in lines.items()
        }
        add_all(stock, ended)


def _alert(step: Step) -> rows.Row:
    facts = step.facts
    if step.family == ACKNOWLEDGED:
        return collateral_rows.AcknowledgementRow(
            step.offset, facts["occurred_on"], facts["alert"], facts["acknowledged_by"]
        )
    about = (facts["reason"], facts["holds_from"], facts.get("asset"), facts.get("cause"))
    return collateral_rows.AlertRow(step.offset, facts["occurred_on"], *about)
