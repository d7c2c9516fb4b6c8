from decimal import Decimal

import pytest

from streams.sources.results import Skip, Unreadable
from streams.sources.statistics.figure import number, units, year_of
from tests.each_case import each_case


@each_case(
    ("text", "value"), [("6439", "6439"), ("6,439", "6439"), ("1,243,568.0", "1243568.0"), ("2419.70", "2419.70")]
)
def test_a_number_keeps_its_printed_decimals(text: str, value: str) -> None:
    assert str(number(text, "x")) == value


@each_case("text", ["", "na", "N/A", "..", "-", "D"])
def test_a_mark_for_a_missing_value_is_neither_number_nor_fault(text: str) -> None:
    with pytest.raises(Skip, match=r"^x: the value is "):
        number(text, "x")


@each_case("text", ["about 42", "1,2", "-1", "1e6", "٣", "1.", "12,3456"])
def test_anything_else_is_a_fault(text: str) -> None:
    with pytest.raises(Unreadable, match=r"^x: the value "):
        number(text, "x")


@each_case(
    ("text", "power", "value", "precision"),
    [
        ("4868.8", 8, "486880000000", "10000000"),
        ("3098", 8, "309800000000", "100000000"),
        ("2419.70", 4, "24197000", "100"),
        ("40.9", 0, "40.9", "0.1"),
        ("6439", 0, "6439", "1"),
    ],
)
def test_the_last_printed_digit_is_the_precision(text: str, power: int, value: str, precision: str) -> None:
    assert units(Decimal(text), power) == (value, precision)


@each_case("text", ["", "20", "1899", "20222", "2O22"])
def test_a_year_has_four_digits(text: str) -> None:
    with pytest.raises(Unreadable, match="must be four digits"):
        year_of(text)
