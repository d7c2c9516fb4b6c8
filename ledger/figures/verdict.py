"""What is said of a published figure: a verdict, the difference, and how much of it the ledger covers.

All arithmetic is exact. The ledger's value is rounded once, from its exact value and at the precision that was
printed; never is a figure made from rounded ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.figures.registers import REGISTER_OF

MORE_DECIMALS = 6
"""A value that no decimal ends is shown with so many decimals more than were printed."""
COVERAGE_DECIMALS = 4
"""Of a percentage: one patent of a million is seen."""
EQUAL, EQUAL_AFTER_ROUNDING, PARTIAL, DIFFERS = "equal", "equal_after_rounding", "partial", "differs"
NO_DATA, NOT_COMPARABLE = "no_data", "not_comparable"


def unlike(figure: Mapping[str, Any], exact: Fraction) -> str:
    """The verdict where the ledger has another value. Of an office's register it may hold a part: then it denies the
    office nothing, unless it has more records than the office counted."""
    more = figure["metric"] in REGISTER_OF and exact > Fraction(figure["value"])
    return DIFFERS if figure["office"] is None or more else PARTIAL


def judge(exact: Fraction, published: str, precision: str, rounding: str, unlike: str = DIFFERS) -> dict[str, Any]:
    """The verdict on a published figure, with the exact value as a decimal text, rounded, and its difference."""
    value, unit = Fraction(published), Fraction(precision)
    rounded = _rounded(exact / unit, rounding) * unit
    verdict = EQUAL if exact == value else EQUAL_AFTER_ROUNDING if rounded == value else unlike
    decimals = len(precision.partition(".")[2])
    return {
        "exact": shown(exact, decimals + MORE_DECIMALS),
        "rounded": _written(rounded, decimals),
        "difference": shown(exact - value, decimals + MORE_DECIMALS),
        "verdict": verdict,
    }


def coverage(exact: Fraction, published: Fraction) -> str | None:
    """How many percent of the published value the ledger has, `0.1398 %`; None of a value that is not above 0."""
    return f"{shown(exact * 100 / published, COVERAGE_DECIMALS)} %" if published > 0 else None


def shown(value: Fraction, decimals: int) -> str:
    """A value as a decimal text, without zeros at its end; one that does not end within so many decimals is rounded
    half up to them."""
    text = _written(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def _written(value: Fraction, decimals: int) -> str:
    digits = _rounded(abs(value) * 10**decimals, "half_up")
    text = f"{digits:0{decimals + 1}}"
    sign = "-" if value < 0 and digits else ""
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else f"{sign}{text}"


def _rounded(value: Fraction, rounding: str) -> int:
    """Half up, that is away from zero where it is in the middle (17.5 -> 18, -17.5 -> -18); or down, towards zero."""
    size = abs(value) + Fraction(1, 2) if rounding == "half_up" else abs(value)
    return (size.numerator // size.denominator) * (-1 if value < 0 else 1)
