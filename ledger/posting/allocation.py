"""Sharing an amount out by largest remainder: integers in, integers out, and their sum is the amount."""

from __future__ import annotations

from collections.abc import Sequence


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Parts of `amount` (>= 0) in proportion to `weights` (>= 0, not all 0); ties go in array order.

    Largest remainder (Hamilton's method): each part is rounded down, and the units left over go to the largest
    remainders.
    """
    if len(weights) == 1:
        return [amount]
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    left = amount - sum(parts)
    if left:
        # sorted() is stable, so equal remainders stay in array order
        by_remainder = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
        for i in by_remainder[:left]:
            parts[i] += 1
    return parts
