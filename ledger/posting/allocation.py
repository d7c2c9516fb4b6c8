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
    parts: list[int] = []
    missing: list[int] = []  # to the next unit; the least missing is the largest remainder
    for weight in weights:
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        missing.append(-remainder)
    left = amount - sum(parts)
    if left:
        # sorted() is stable, so equal remainders stay in array order
        for place in sorted(range(len(parts)), key=missing.__getitem__)[:left]:
            parts[place] += 1
    return parts
