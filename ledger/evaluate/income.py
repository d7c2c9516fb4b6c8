"""The income approach (IVS 103, 210): relief from royalty over stated scenarios. Nothing is a default of ours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.evaluate.value import Item, NoValue, Value, in_range

_WHOLE = 10_000
"""Basis points of 1."""


class IncomeScenario(NamedTuple):
    """A stated scenario: the revenue of each year in minor units, and rates in hundredths of a percent."""

    item: Item
    revenues: tuple[int, ...]
    royalty_bp: int
    tax_bp: int
    discount_bp: int


def income_value(scenarios: Sequence[IncomeScenario]) -> Value | NoValue:
    """Return the least and the greatest value of the scenarios, and the middle one; the lower of two middle ones.

    It has no coverage: how likely a scenario is, nobody knows.
    """
    if not scenarios:
        return NoValue("inputs_missing", 0, 1)
    values = sorted(relief_from_royalty(scenario) for scenario in scenarios)
    evidence = tuple(scenario.item._replace(minor=relief_from_royalty(scenario)) for scenario in scenarios)
    return in_range(Value(values[0], values[(len(values) - 1) // 2], values[-1], None, evidence))


def relief_from_royalty(scenario: IncomeScenario) -> int:
    """Return the present value of the royalties after tax, in minor units, rounded half to even once.

    A royalty is due at the end of its year; the first year begins on the day of the valuation.
    """
    after_tax = Fraction(scenario.royalty_bp * (_WHOLE - scenario.tax_bp), _WHOLE * _WHOLE)
    factor = Fraction(_WHOLE, _WHOLE + scenario.discount_bp)
    present = Fraction(0)
    for revenue in reversed(scenario.revenues):
        present = (present + revenue * after_tax) * factor
    return round(present)
