"""Verdicts on promises and on bias: exact bounds, seeded models, and no verdict on too few."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from random import Random

import pytest

from ledger.evaluate.calibration import CountBounds, bias, bounds, median, promise, size
from tests.each_case import each_case

FOUR_FIFTHS = Fraction(4, 5)


@pytest.mark.parametrize(("count", "promised"), [(1, FOUR_FIFTHS), (30, FOUR_FIFTHS), (100, Fraction(9, 10))])
def test_bounds_leave_at_most_a_fortieth_outside_on_each_side(count: int, promised: Fraction) -> None:
    chance = [comb(count, k) * promised**k * (1 - promised) ** (count - k) for k in range(count + 1)]
    least, most = bounds(count, promised)
    assert sum(chance[:least]) <= Fraction(1, 40) < sum(chance[: least + 1])
    assert sum(chance[most + 1 :]) <= Fraction(1, 40) < sum(chance[most:])


def test_known_bounds() -> None:
    assert bounds(100, FOUR_FIFTHS) == CountBounds(72, 88)
    assert bounds(30, Fraction(1)) == CountBounds(30, 30)
    assert bounds(30, Fraction(0)) == CountBounds(0, 0)


@each_case(
    ("count", "inside", "verdict"),
    [
        (29, 0, "too few"),
        (30, 24, "kept"),
        (100, 71, "too narrow"),
        (100, 72, "kept"),
        (100, 88, "kept"),
        (100, 89, "too wide"),
    ],
)
def test_a_promise_has_a_verdict_from_thirty_prices_on(count: int, inside: int, verdict: str) -> None:
    assert promise(count, inside, FOUR_FIFTHS) == verdict


def pairs(factor: float, count: int = 100, spread: float = 0.5, seed: int = 1) -> list[tuple[int, int]]:
    random = Random(seed)
    prices = [int(random.lognormvariate(15, 1.3)) + 1 for _ in range(count)]
    return [(int(price * factor * random.lognormvariate(0, spread)) + 1, price) for price in prices]


def test_a_model_thirty_percent_too_high_is_named() -> None:
    assert bias(pairs(1.3)) == "too high"
    assert bias(pairs(1 / 1.3)) == "too low"


def test_honest_models_are_named_in_one_case_of_twenty() -> None:
    named = sum(bias(pairs(1, seed=seed)) != "not biased" for seed in range(200))
    assert 2 <= named <= 20


def test_twenty_nine_prices_are_too_few() -> None:
    assert bias(pairs(10, 29)) == "too few"
    assert bias(pairs(10, 30)) == "too high"


def test_values_that_equal_the_price_are_not_biased() -> None:
    assert bias([(7, 7)] * 50) == "not biased"
    assert bias([(8, 7)] * 50) == "too high"


def test_the_median_and_the_factor_are_exact() -> None:
    assert median([]) is None
    assert median([Fraction(1, 3), Fraction(3), Fraction(1)]) == 1
    assert median([Fraction(1, 3), Fraction(1)]) == Fraction(2, 3)
    assert size(Fraction(1, 4)) == size(Fraction(4)) == 4
