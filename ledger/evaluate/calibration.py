"""The calibration of valuations: realised prices within the range, and too high or too low on the whole.

Both tests are at 5 %: of twenty honest models, one is named by chance. Below 30 prices no model is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import NamedTuple

LEAST = 30
"""The least number of prices for a verdict."""
_TAIL = Fraction(1, 40)
"""The probability of each tail: 5 % in both."""
TOO_FEW, KEPT, TOO_NARROW, TOO_WIDE = "too few", "kept", "too narrow", "too wide"
UNBIASED, TOO_HIGH, TOO_LOW = "not biased", "too high", "too low"


class CountBounds(NamedTuple):
    """The least and the greatest number of prices within the range that the promise allows."""

    least: int
    most: int


@cache
def bounds(count: int, promised: Fraction) -> CountBounds:
    """Return the bounds of the number within the range out of `count`, if each is within it with the promised
    probability: exact binomial, at most 2.5 % below and at most 2.5 % above."""
    numerator, denominator = promised.numerator, promised.denominator
    whole = denominator**count
    terms, term = [], (denominator - numerator) ** count
    for number in range(count + 1):
        terms.append(term)
        if number < count:
            missed = denominator - numerator
            term = term * (count - number) * numerator // ((number + 1) * missed) if missed else 0
    if numerator == denominator:
        return CountBounds(count, count)
    return CountBounds(_least(terms, whole), count - _least(terms[::-1], whole))


def _least(terms: Sequence[int], whole: int) -> int:
    """Return the least number whose lower tail, itself left out, is at most _TAIL, and with it is more."""
    below = 0
    for number, term in enumerate(terms):
        below += term
        if below > _TAIL * whole:
            return number
    return len(terms) - 1


def promise(count: int, inside: int, promised: Fraction) -> str:
    """Return the verdict on a promise: `kept`, `too narrow`, `too wide`, or `too few` prices."""
    if count < LEAST:
        return TOO_FEW
    least, most = bounds(count, promised)
    return TOO_NARROW if inside < least else TOO_WIDE if inside > most else KEPT


def bias(pairs: Sequence[tuple[int, int]]) -> str:
    """Return the verdict on (mid, price) pairs of positive amounts: `too high`, `too low`, `not biased`, or `too few`.

    Wilcoxon's signed-rank test of the logarithms of mid / price, with mid-ranks and the normal approximation. Ratios
    are compared as fractions and the statistic as integers, so no rounding decides.
    """
    ratios = [Fraction(mid, price) for mid, price in pairs if mid != price]
    if len(pairs) < LEAST or len(ratios) < LEAST:
        return TOO_FEW if len(pairs) < LEAST else UNBIASED
    by_size = sorted(ratios, key=size)
    high = rank = ties = 0
    for _, group in groupby(by_size, key=size):
        tied = [*group]
        twice_the_rank = 2 * rank + len(tied) + 1
        high += twice_the_rank * sum(ratio > 1 for ratio in tied)
        rank += len(tied)
        ties += len(tied) ** 3 - len(tied)
    count = len(ratios)
    away = 2 * high - count * (count + 1)  # four times the distance of the statistic from its mean
    variance = 2 * count * (count + 1) * (2 * count + 1) - ties  # 48 times that of the statistic
    if 3 * away**2 * 10_000 <= 38_416 * variance:  # |z| <= 1.96, squared
        return UNBIASED
    return TOO_HIGH if away > 0 else TOO_LOW


def median(ratios: Sequence[Fraction]) -> Fraction | None:
    """Return the median, the mean of the two middle ones if their number is even; None of none."""
    if not ratios:
        return None
    ordered, middle = sorted(ratios), len(ratios) // 2
    return ordered[middle] if len(ratios) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def size(ratio: Fraction) -> Fraction:
    """Return by which factor a value is off, whether too high or too low."""
    return max(ratio, 1 / ratio)
