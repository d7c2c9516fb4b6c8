"""Money: exact, in the currency's own minor units, never more than 10^15 of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.currencies import CURRENCIES, CURRENCY_NUMBERS, decimal_text
from schemas.money import LARGEST_MINOR, Money
from tests.each_case import each_case

MONEY = TypeAdapter(Money)


def money(amount: str, currency: str = "CNY") -> Money:
    return MONEY.validate_python({"amount": amount, "currency": currency})


def reason(amount: object, currency: object = "CNY") -> str:
    with pytest.raises(ValidationError) as error:
        MONEY.validate_python({"amount": amount, "currency": currency})
    return error.value.errors()[0]["msg"].removeprefix("Value error, ")


@each_case(
    ("amount", "currency", "minor"),
    [
        ("1234567.80", "CNY", 123_456_780),
        ("1234567.8", "CNY", 123_456_780),
        ("1234567", "CNY", 123_456_700),
        ("0", "CNY", 0),
        ("0.00", "USD", 0),
        ("0.01", "EUR", 1),
        ("007.5", "USD", 750),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
        ("10000000000000", "CNY", 10**15),
        ("10000000000000.00", "CNY", 10**15),
        ("1000000000000000", "JPY", 10**15),
        ("0" * 60 + "1", "JPY", 1),
    ],
)
def test_an_amount_is_counted_in_minor_units(amount: str, currency: str, minor: int) -> None:
    assert money(amount, currency).minor == minor


@each_case(
    "amount",
    ["", "-1", "+1", "1e3", "1,000", "1.", ".5", " 1", "1 ", "1\n", "１", "٣", "0x1", "NaN", "1_000", "1.0.0"],
)
def test_an_amount_is_ascii_digits_and_at_most_one_point(amount: str) -> None:
    assert "pattern" in reason(amount)


@each_case("amount", [1, 1.5, None, True, ["1"]])
def test_an_amount_is_a_text(amount: object) -> None:
    assert "valid string" in reason(amount)


@each_case(
    ("amount", "currency", "expected"),
    [
        ("1.001", "CNY", "amount 1.001 has 3 decimals, CNY has 2"),
        ("1.000", "CNY", "amount 1.000 has 3 decimals, CNY has 2"),
        ("1.0", "JPY", "amount 1.0 has 1 decimals, JPY has 0"),
        ("1.0001", "KWD", "amount 1.0001 has 4 decimals, KWD has 3"),
        ("10000000000000.01", "CNY", "amount 10000000000000.01 CNY is more than 10^15 minor units"),
        ("1000000000000001", "JPY", "amount 1000000000000001 JPY is more than 10^15 minor units"),
        ("9" * 64, "JPY", f"amount {'9' * 64} JPY is more than 10^15 minor units"),
    ],
)
def test_an_amount_fits_its_currency(amount: str, currency: str, expected: str) -> None:
    assert reason(amount, currency) == expected


@each_case("currency", ["XXX", "XTS", "XAU", "XDR", "cny", "CN", "CNYX", "RMB", "156", "", "DDM"])
def test_a_currency_is_of_iso_4217_and_has_a_minor_unit(currency: str) -> None:
    assert reason("1", currency) == f"currency {currency} is not an ISO 4217 currency with a minor unit"


def test_nothing_else_belongs_to_money() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        MONEY.validate_python({"amount": "1", "currency": "CNY", "rate": "7"})


def test_the_currencies_are_those_of_iso_4217() -> None:
    known = {code: (c.number, c.decimals) for code, c in CURRENCIES.items()}
    expected = {"CNY": (156, 2), "USD": (840, 2), "EUR": (978, 2), "JPY": (392, 0), "KWD": (414, 3), "CLF": (990, 4)}
    assert {code: known[code] for code in expected} == expected
    assert len(CURRENCY_NUMBERS) == len(CURRENCIES) > 150
    assert all(0 < c.number < 2000 and 0 <= c.decimals <= 4 for c in CURRENCIES.values())


@each_case(
    ("code", "number", "decimals", "last_day"),
    [
        ("DEM", 276, 2, "2002-03-31"),
        ("ITL", 380, 0, "2002-03-31"),
        ("HRK", 191, 2, "2023-01-31"),
        ("BGN", 975, 2, "2026-01-31"),
        ("LTL", 440, 2, "2014-12-31"),
        ("SLL", 694, 2, "2023-12-31"),
        ("ANG", 1532, 2, "2025-03-31"),
        ("XCG", 532, 2, "9999-12-31"),
        ("CHC", 1948, 2, "2004-11-30"),
        ("CHW", 948, 2, "9999-12-31"),
        ("YUM", 1891, 2, "2003-07-31"),
        ("CSD", 891, 2, "2006-10-31"),
    ],
)
def test_former_currencies_have_a_last_day(code: str, number: int, decimals: int, last_day: str) -> None:
    currency = CURRENCIES[code]
    assert (currency.number, currency.decimals, currency.last_day.isoformat()) == (number, decimals, last_day)


def test_the_book_keeps_a_currency_by_its_number() -> None:
    assert money("1", "CNY").currency.number == 156


@each_case(
    ("minor", "currency", "text"),
    [
        (123_456_780, "CNY", "1234567.80"),
        (0, "CNY", "0.00"),
        (5, "CNY", "0.05"),
        (-5, "CNY", "-0.05"),
        (-123, "JPY", "-123"),
        (0, "JPY", "0"),
        (7, "KWD", "0.007"),
        (10**30 + 1, "USD", "1" + "0" * 27 + "0.01"),
    ],
)
def test_minor_units_are_written_with_the_currencys_decimals(minor: int, currency: str, text: str) -> None:
    assert decimal_text(minor, currency) == text


@given(st.integers(0, LARGEST_MINOR), st.sampled_from(sorted(CURRENCIES)))
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    assert money(decimal_text(minor, currency), currency).minor == minor
    assert MONEY.dump_python(money(decimal_text(minor, currency), currency))["amount"] == decimal_text(minor, currency)
    assert decimal_text(-minor, currency).removeprefix("-") == decimal_text(minor, currency)
