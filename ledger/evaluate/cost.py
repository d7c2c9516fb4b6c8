"""The cost approach (IVS 103): the fees paid and the costs stated. A floor, not a price."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.evaluate.value import Item, NoValue, Value, in_range


def cost_value(costs: Sequence[Item]) -> Value | NoValue:
    """Return the sum of the known costs as a floor: an unknown cost only adds to it, and no cost limits a price from
    above."""
    known = [item.minor for item in costs if item.minor is not None]
    if not known:
        return NoValue("inputs_missing", 0, 1)
    floor = sum(known)
    return in_range(Value(floor, floor, None, None, tuple(costs), floor=True))
