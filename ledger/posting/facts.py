"""Facts: the part of an event that its entity's fold needs, as plain JSON values that the journal keeps.

    granted     [date, region, right, industry]
    registered  [date, region, currency, amount, [[right, industry, weight], ...]]   one triple an asset, in order
    modified    [date, currency, amount]                                             currency 0: nothing secured was
    said cancelled   [date]
    *.corrected [target, facts of the replacement]
    *.voided    [target]

Dates are YYYYMMDD; currencies are ISO 4217 numbers, 0 where no amount was said; amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.posting.cells import INDUSTRY_NUMBERS, NO_CURRENCY, NO_REGION, RIGHTS, UNKNOWN
from schemas.codec import Judged
from schemas.data import Asset, PatentGrant, PledgeCancellation, PledgeModification, PledgeRegistration
from schemas.events import CANCELLED, GRANTED, MODIFIED, REGISTERED, Role
from schemas.industry import industry_of
from schemas.money import Money

Facts = Sequence[Any]


class Digest(NamedTuple):
    """What the fold takes of an event: its business date (None for a voiding) and its facts."""

    occurred_on: int | None
    facts: Facts


def digest(judged: Judged) -> Digest:
    """The facts of an event that the codec accepted."""
    event_type, data = judged.type, judged.event.data
    if event_type.role == Role.ORIGINAL:
        facts = _FACTS[event_type.family](data)
        return Digest(facts[0], facts)
    if event_type.role == Role.CORRECTED:
        facts = _FACTS[event_type.family](data.data)
        return Digest(facts[0], (data.target, facts))
    return Digest(None, (data.target,))


def day_number(day: date) -> int:
    """A date as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def _granted(data: PatentGrant) -> Facts:
    return day_number(data.occurred_on), data.region or NO_REGION, RIGHTS[data.right], _industry(data.ipc)


def _registered(data: PledgeRegistration) -> Facts:
    weights = asset_weights(data.assets)
    assets = [
        (RIGHTS[asset.right], _industry(asset.ipc), weight) for asset, weight in zip(data.assets, weights, strict=True)
    ]
    return day_number(data.occurred_on), data.region or NO_REGION, *_money(data.secured), assets


def _modified(data: PledgeModification) -> Facts:
    return day_number(data.occurred_on), *_money(data.secured)


def _cancelled(data: PledgeCancellation) -> Facts:
    return (day_number(data.occurred_on),)


_FACTS: dict[int, Callable[[Any], Facts]] = {
    GRANTED: _granted,
    REGISTERED: _registered,
    MODIFIED: _modified,
    CANCELLED: _cancelled,
}


def asset_weights(assets: Sequence[Asset]) -> list[int]:
    """By appraised value where all assets have one, in one currency, and the sum is not 0; else equal."""
    appraised = [asset.appraised for asset in assets]
    currencies = {money.currency.number if money else None for money in appraised}
    if len(currencies) == 1 and None not in currencies:
        weights = [money.minor for money in appraised if money]
        if sum(weights):
            return weights
    return [1] * len(assets)


def _industry(ipc: Sequence[str] | None) -> int:
    return INDUSTRY_NUMBERS[industry_of(ipc[0])] if ipc else UNKNOWN


def _money(money: Money | None) -> tuple[int, int]:
    return (money.currency.number, money.minor) if money else (NO_CURRENCY, 0)
