"""Verdicts on published figures, from an exact value alone."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.figures.verdict import compare_with_published, completeness, fraction_text, unlike
from tests.each_case import each_case


@each_case(
    ("exact", "published", "precision", "rounding", "expected"),
    [
        ("22760000000", "23000000000", "1000000000", "half_up", ("22760000000", "23000000000", "equal_after_rounding")),
        ("22760000000", "22760000000", "10000000", "half_up", ("22760000000", "22760000000", "equal")),
        ("22500000000", "23000000000", "1000000000", "half_up", ("22500000000", "23000000000", "equal_after_rounding")),
        ("22499999999.99", "23000000000", "1000000000", "half_up", ("22499999999.99", "22000000000", "differs")),
        ("1060700/12153", "90", "1", "half_up", ("87.278861", "87", "differs")),
        ("1060700/12153", "87.28", "0.01", "half_up", ("87.27886119", "87.28", "equal_after_rounding")),
        ("40.85", "40.9", "0.1", "half_up", ("40.85", "40.9", "equal_after_rounding")),
        ("50", "50.0", "0.1", "half_up", ("50", "50.0", "equal")),
        ("-13.45", "-13.5", "0.1", "half_up", ("-13.45", "-13.5", "equal_after_rounding")),
        ("-0.04", "0", "0.1", "half_up", ("-0.04", "0.0", "equal_after_rounding")),
        ("25.93", "25", "1", "down", ("25.93", "25", "equal_after_rounding")),
        ("-25.93", "-25", "1", "down", ("-25.93", "-25", "equal_after_rounding")),
        ("26", "25", "1", "down", ("26", "26", "differs")),
        ("1370", "1500", "100", "half_up", ("1370", "1400", "differs")),
        ("12.6", "12.5", "2.5", "half_up", ("12.6", "12.5", "equal_after_rounding")),
    ],
)
def test_a_verdict_rounds_once_from_the_exact_value(
    exact: str, published: str, precision: str, rounding: str, expected: tuple[str, str, str]
) -> None:
    found = compare_with_published(Fraction(exact), published, precision, rounding)
    assert (found["exact"], found["rounded"], found["verdict"]) == expected
    assert found["difference"] == fraction_text(
        Fraction(exact) - Fraction(published), len(precision.partition(".")[2]) + 6
    )


@given(st.decimals(-(10**12), 10**12, places=4), st.integers(-3, 9), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
def test_rounding_is_that_of_decimal(exact: Decimal, zeros: int, mode: str) -> None:
    precision = str(10**zeros) if zeros >= 0 else f"0.{10 ** -(zeros + 1) and '0' * (-zeros - 1)}1"
    expected = (exact / Decimal(precision)).quantize(Decimal(1), mode) * Decimal(precision)
    found = compare_with_published(Fraction(exact), "0", precision, "half_up" if mode == ROUND_HALF_UP else "down")
    assert Decimal(found["rounded"]) == expected
    assert Decimal(found["exact"]) == exact
    assert Decimal(found["difference"]) == exact


@each_case(
    ("exact", "published", "precision", "verdict"),
    [
        ("9", "6439", "1", "partial"),
        ("0", "6439", "1", "partial"),
        ("6438", "6439", "1", "partial"),
        ("6439", "6439", "1", "equal"),
        ("6440", "6439", "1", "differs"),  # more than the office has: what are they?
        ("6439", "6400", "100", "equal_after_rounding"),
        ("6350", "6400", "100", "equal_after_rounding"),
        ("6349", "6400", "100", "partial"),
        ("6450", "6400", "100", "differs"),
    ],
)
def test_the_ledger_can_hold_a_part_of_a_register(exact: str, published: str, precision: str, verdict: str) -> None:
    for office, expected in (("US", verdict), (None, "differs" if verdict == "partial" else verdict)):
        reason = unlike({"office": office, "metric": "grants", "value": published}, Fraction(exact))
        assert compare_with_published(Fraction(exact), published, precision, "half_up", reason)["verdict"] == expected


@each_case(
    ("exact", "published", "text"),
    [
        ("9", "6439", "0.1398 %"),
        ("0", "6439", "0 %"),
        ("1", "1000000", "0.0001 %"),
        ("1370", "1500", "91.3333 %"),
        ("6439", "6439", "100 %"),
        ("3", "2", "150 %"),
        ("0", "0", None),
        ("1", "0", None),
        ("1", "-5", None),
    ],
)
def test_completeness_is_percent_of_what_was_published(exact: str, published: str, text: str | None) -> None:
    assert completeness(Fraction(exact), Fraction(published)) == text


@each_case(
    ("exact", "published", "verdict"),
    [
        ("241400", "241400", "equal"),
        ("241441", "241400", "precision_unknown"),
        ("241404", "241400", "precision_unknown"),
        ("241451", "241400", "differs"),
        ("241400.4", "241400", "equal_after_rounding"),
        ("5591.4", "5591", "equal_after_rounding"),
        ("5592", "5591", "differs"),
        ("40.94", "40.9", "equal_after_rounding"),
        ("41.4", "41.0", "precision_unknown"),
        ("0.4", "0", "equal_after_rounding"),
        ("-13", "-10", "precision_unknown"),
    ],
)
def test_a_figure_without_a_precision_differs_only_if_no_precision_makes_it_equal(
    exact: str, published: str, verdict: str
) -> None:
    found = compare_with_published(Fraction(exact), published, None, "half_up")
    assert (found["verdict"], found["rounded"]) == (verdict, None)


@each_case(
    ("exact", "published", "precision", "bound", "verdict"),
    [
        ("14001", "14000", None, "above", "holds"),
        ("14000", "14000", None, "above", "differs"),
        ("25000", "14000", "1000", "above", "holds"),
        ("14000", "14000", "1000", "at_least", "holds"),
        ("13999", "14000", None, "at_least", "differs"),
        ("4", "5", "1", "below", "holds"),
        ("5", "5", "1", "at_most", "holds"),
        ("6", "5", "1", "at_most", "differs"),
        ("14900", "15000", "1000", "nearly", "holds"),
        ("14000", "15000", "1000", "nearly", "differs"),
        ("14900", "15000", None, "nearly", "precision_unknown"),
        ("15000", "15000", None, "nearly", "differs"),
    ],
)
def test_a_bound_holds_or_not(exact: str, published: str, precision: str | None, bound: str, verdict: str) -> None:
    found = compare_with_published(Fraction(exact), published, precision, "half_up", bound=bound)
    assert found["verdict"] == verdict
