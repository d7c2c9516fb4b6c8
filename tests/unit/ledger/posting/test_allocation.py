"""Largest remainder: the parts add up to the amount."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.posting.allocation import allocate
from tests.each_case import each_case


@each_case(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [5], [7]),
        (7, [0, 5, 0], [0, 7, 0]),
        (100, [1, 2, 3], [17, 33, 50]),  # 16.67, 33.33, 50
        (10, [1, 3, 3], [2, 4, 4]),  # 1.43, 4.29, 4.29: the first remainder is the largest
        (10, [3, 3, 1], [4, 4, 2]),
        (1, [1, 2], [0, 1]),
        (10**15, [10**15, 10**15, 1], [500_000_000_000_000, 500_000_000_000_000, 0]),
    ],
)
def test_examples(amount: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(amount, weights) == parts


amounts = st.integers(0, 10**15)
weightings = st.lists(st.integers(0, 10**15) | st.integers(0, 3), min_size=1, max_size=12)


@given(amounts, weightings)
def test_the_parts_sum_up_and_each_is_rounded_up_or_down(amount: int, weights: list[int]) -> None:
    assume(any(weights))
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount * weight, sum(weights))
        assert abs(part - exact) < 1
        assert weight or not part


@given(amounts, weightings)
def test_the_largest_remainders_are_rounded_up_and_ties_go_in_order(amount: int, weights: list[int]) -> None:
    assume(any(weights))
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    remainders = [share - int(share) for share in exact]
    up = [part > share for part, share in zip(allocate(amount, weights), exact, strict=True)]
    for i in range(len(weights)):
        for k in range(len(weights)):
            if up[k] and not up[i]:
                assert (remainders[k], -k) > (remainders[i], -i)
