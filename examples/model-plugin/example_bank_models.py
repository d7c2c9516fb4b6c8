"""A bank's own model: the median of the nearest deals, less a discount for a forced sale.

A model is a pure function of one JSON document. docs/valuations.md describes its fields. All money is in minor units,
as integers; there are no floats.
"""

from typing import Any

DISCOUNT_PERCENT = 30
NEEDED = 5


def discounted_median(given: dict[str, Any]) -> dict[str, Any]:
    """Return an interval from the lowest discounted price to the highest price, or a refusal."""
    low = mid = high = 0
    evidence = []
    for asset in given["assets"]:
        deals = sorted(asset["comparables"], key=lambda deal: (deal["minor"], deal["at"]))
        if len(deals) < NEEDED:
            return {"refused": "too_few", "had": len(deals), "needed": NEEDED, "detail": asset["asset"]}
        prices = [deal["minor"] for deal in deals]
        low += _discounted(prices[0])
        mid += _discounted(prices[len(prices) // 2])
        high += prices[-1]
        evidence += [deal["at"] for deal in deals]
    return {"low": low, "mid": mid, "high": high, "coverage": None, "evidence": evidence}


def _discounted(minor: int) -> int:
    return minor * (100 - DISCOUNT_PERCENT) // 100
