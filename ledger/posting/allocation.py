"""Allocation of an amount by largest remainder: integers whose sum is the amount."""

from __future__ import annotations

from collections.abc import Sequence


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Return parts of `amount` (>= 0) in proportion to `weights` (>= 0, not all 0); ties go in array order.

    Largest remainder (Hamilton's method): each part is rounded down, then the largest remainders get one unit each
    until the sum is `amount`.
    """
    if len(weights) == 1:
        return [amount]
    whole = sum(weights)
    parts: list[int] = []
    missing: list[int] = []  # negated remainders: the smallest comes first
    for weight in weights:
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        missing.append(-remainder)
    left = amount - sum(parts)
    if left:
        # sorted() is stable, so equal remainders stay in array order
        for index in sorted(range(len(parts)), key=missing.__getitem__)[:left]:
            parts[index] += 1
    return parts
