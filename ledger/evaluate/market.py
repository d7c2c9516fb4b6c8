"""The market approach (IVS 103, 105): an interval from the prices of the nearest comparables, by order statistics."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.evaluate.comparable import PricedDeal, ValuationSubject, comparables
from ledger.evaluate.value import Coverage, Item, NoValue, Value

CUT = {9: 1, 19: 2, 39: 4}
"""Number of comparables -> which price from below and from above ends the interval. Each covers four fifths."""


def market_value(subject: ValuationSubject, nearest: Iterable[PricedDeal], number: int) -> Value | NoValue:
    """Return the interval of the `number` nearest comparables and their median, or refuse if there are fewer. The
    evidence is in the order of the prices.

    `number` is 9, 19 or 39, chosen before anybody sees the prices: an interval that is chosen by its prices, or given
    only where comparables are very near, does not keep its promise. If price and comparables are exchangeable, a new
    price lies between the k-th from below and the k-th from above of n prices with probability (n + 1 - 2k) / (n + 1)
    (David and Nagaraja 2003, Order Statistics, 7.3).

    Raise KeyError for another number.
    """
    cut = CUT[number]
    found = comparables(subject, nearest)[:number]
    by_price = sorted(found, key=lambda deal: (deal.minor, deal.place))
    evidence = tuple(Item(deal.place, deal.assets[0], deal.minor) for deal in by_price)
    if len(found) < number:
        return NoValue("too_few", len(found), number, evidence)
    low, mid, high = (by_price[index].minor for index in (cut - 1, number // 2, number - cut))
    return Value(low, mid, high, Coverage(number + 1 - 2 * cut, number + 1), evidence)
