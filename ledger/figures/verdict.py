"""The comparison with a published figure: verdict, difference, and completeness.

All arithmetic is exact. The ledger's value is rounded once, from the exact value, to the published precision. No figure
is computed from rounded ones.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ledger.figures.registers import REGISTER_OF

MORE_DECIMALS = 6
"""A value without a finite decimal form is shown with this many decimals more than the published one."""
COVERAGE_DECIMALS = 4
"""Decimals of a percentage: enough to see one patent in a million."""
_EQUAL, EQUAL_AFTER_ROUNDING, PARTIAL, DIFFERS = "equal", "equal_after_rounding", "partial", "differs"
NO_DATA, NOT_COMPARABLE = "no_data", "not_comparable"
HOLDS, PRECISION_UNKNOWN = "holds", "precision_unknown"
VERDICTS = {
    _EQUAL: "the book has exactly the published value",
    EQUAL_AFTER_ROUNDING: "the exact value of the book, rounded once as published, is the published one",
    HOLDS: "the figure is a bound, and the exact value keeps it",
    PARTIAL: "the book holds a part of what the office counts: `completeness` percent",
    PRECISION_UNKNOWN: "equal if the figure was rounded at the zeros at its end; it does not give its precision",
    DIFFERS: "the book has another value",
    NO_DATA: "the book lacks what the figure needs; `reason` names it",
    NOT_COMPARABLE: "the figure has a scope that the ledger cannot apply",
}
"""Verdict -> what it says of the exact value of the book and the published one."""
_BOUNDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "above": operator.gt,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
    "nearly": operator.lt,
}


@lru_cache(maxsize=1024)
def printed_number(text: str) -> Fraction:
    """Return the number that a text gives. Of a figure, each is needed several times."""
    return Fraction(text)


def unlike(figure: Mapping[str, Any], exact: Fraction) -> str:
    """Return the verdict for a value that is not equal. The ledger may hold part of an office's register: then the
    verdict is `partial`, unless the ledger has more records than the office counted."""
    more = figure["metric"] in REGISTER_OF and exact > printed_number(figure["value"])
    return DIFFERS if figure["office"] is None or more else PARTIAL


def compare_with_published(
    exact: Fraction,
    published: str,
    precision: str | None,
    rounding: str,
    unlike: str = DIFFERS,
    bound: str | None = None,
) -> dict[str, Any]:
    """Return the verdict, with the ledger's value (exact and rounded, as decimal text) and the difference."""
    value = printed_number(published)
    decimals = len((precision or published).partition(".")[2])
    rounded = (
        None if precision is None else _rounded(exact / printed_number(precision), rounding) * printed_number(precision)
    )
    if bound is not None:
        verdict = _bounded(exact, value, precision, bound, unlike)
    elif exact == value:
        verdict = _EQUAL
    elif rounded is None:
        verdict = _at_some_precision(exact, published, rounding) or unlike
    else:
        verdict = EQUAL_AFTER_ROUNDING if rounded == value else unlike
    return {
        "exact": fraction_text(exact, decimals + MORE_DECIMALS),
        "rounded": None if rounded is None else _written(rounded, decimals),
        "difference": fraction_text(exact - value, decimals + MORE_DECIMALS),
        "verdict": verdict,
    }


def _bounded(exact: Fraction, value: Fraction, precision: str | None, bound: str, unlike: str) -> str:
    """Return the verdict for a bound: it holds or not. Only a precision determines how close `nearly` is."""
    if not _BOUNDS[bound](exact, value):
        return unlike
    if bound != "nearly":
        return HOLDS
    return PRECISION_UNKNOWN if precision is None else HOLDS if exact > value - printed_number(precision) else unlike


def _at_some_precision(exact: Fraction, published: str, rounding: str) -> str | None:
    """Return the verdict for a figure whose precision is not known: a zero at its end may be counted or rounded. None
    if no precision makes the two equal."""
    whole, _, more = published.partition(".")
    digits = (whole + more).lstrip("-0")
    units = [Fraction(10) ** (zeros - len(more)) for zeros in range(len(digits) - len(digits.rstrip("0")) + 1)]
    equal = [unit for unit in units if _rounded(exact / unit, rounding) * unit == Fraction(published)]
    if not equal:
        return None
    return EQUAL_AFTER_ROUNDING if equal[0] == units[0] else PRECISION_UNKNOWN


def completeness(exact: Fraction, published: Fraction) -> str | None:
    """Return the ledger's value in percent of the published one, as `0.1398 %`; None unless that is above 0."""
    return f"{fraction_text(exact * 100 / published, COVERAGE_DECIMALS)} %" if published > 0 else None


def fraction_text(value: Fraction, decimals: int) -> str:
    """Return a value as decimal text without trailing zeros, rounded half up to `decimals`."""
    text = _written(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def _written(value: Fraction, decimals: int) -> str:
    digits = _half_up(abs(value.numerator) * 10**decimals, value.denominator)
    text = f"{digits:0{decimals + 1}}"
    sign = "-" if value.numerator < 0 and digits else ""
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else f"{sign}{text}"


def _rounded(value: Fraction, rounding: str) -> int:
    """Round half up, away from zero on a tie (17.5 -> 18, -17.5 -> -18), or down, towards zero."""
    top, bottom = abs(value.numerator), value.denominator
    size = _half_up(top, bottom) if rounding == "half_up" else top // bottom
    return -size if value.numerator < 0 else size


def _half_up(top: int, bottom: int) -> int:
    """Return top / bottom, neither negative, as the nearest integer; the larger of two."""
    return (2 * top + bottom) // (2 * bottom)
