"""The market approach (IVS 103, 105): an interval from the prices of the nearest comparables, by order statistics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.evaluate.comparable import Deal, Place, Subject, comparables

CUT = {9: 1, 19: 2, 39: 4}
"""Number of comparables -> which price from below and from above ends the interval. Each covers four fifths."""


class Coverage(NamedTuple):
    """The promised share of prices within the interval, as a fraction."""

    numerator: int
    denominator: int


class MarketValue(NamedTuple):
    """An interval of prices in minor units, its median, and the deals that it is made of, by price."""

    low: int
    mid: int
    high: int
    coverage: Coverage
    evidence: tuple[Deal, ...]


class Refusal(NamedTuple):
    """Why there is no value: `too_few` comparables, how many there are, and how many it needs."""

    reason: str
    had: int
    needed: int
    evidence: tuple[Place, ...]


def market_value(subject: Subject, nearest: Iterable[Deal], number: int) -> MarketValue | Refusal:
    """Return the interval of the `number` nearest comparables, or refuse if there are fewer.

    `number` is 9, 19 or 39, chosen before anybody sees the prices: an interval that is chosen by its prices, or given
    only where comparables are very near, does not keep its promise. If price and comparables are exchangeable, a new
    price lies between the k-th from below and the k-th from above of n prices with probability (n + 1 - 2k) / (n + 1)
    (David and Nagaraja 2003, Order Statistics, 7.3).

    Raise KeyError for another number.
    """
    cut = CUT[number]
    found = comparables(subject, nearest)[:number]
    if len(found) < number:
        return Refusal("too_few", len(found), number, tuple(deal.place for deal in found))
    by_price = sorted(found, key=lambda deal: (deal.minor, deal.place))
    low, mid, high = (by_price[place].minor for place in (cut - 1, number // 2, number - cut))
    return MarketValue(low, mid, high, Coverage(number + 1 - 2 * cut, number + 1), tuple(by_price))
