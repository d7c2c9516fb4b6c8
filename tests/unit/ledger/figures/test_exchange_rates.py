"""Exchange rates: the exact factor between two currencies, of a day or of the last days before."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.book.book import Book
from ledger.figures.exchange_rates import ExchangeRate, ExchangeRates
from ledger.figures.question import NotAvailable
from tests.figures import rate
from tests.posting import post

DAYS = {
    "2008-12-09": {"ISK": "290.00"},
    "2023-12-29": {"USD": "1.105", "CNY": "7.8509"},
    "2024-01-02": {"USD": "1.0956"},
}


@pytest.fixture
def rates(book: Book) -> ExchangeRates:
    post(book, *(rate("EUR", quote, day, by) for day, quoted in DAYS.items() for quote, by in quoted.items()))
    return ExchangeRates(book.connection, "corrected")


@pytest.mark.parametrize(
    ("sold", "bought", "day", "factor", "of"),
    [
        ("EUR", "USD", "2024-01-02", Fraction("1.0956"), "2024-01-02"),
        ("USD", "EUR", "2024-01-02", 1 / Fraction("1.0956"), "2024-01-02"),
        ("CNY", "USD", "2023-12-29", Fraction("1.105") / Fraction("7.8509"), "2023-12-29"),
        ("USD", "CNY", "2024-01-01", Fraction("7.8509") / Fraction("1.105"), "2023-12-29"),
        ("USD", "CNY", "2024-01-08", Fraction("7.8509") / Fraction("1.105"), "2023-12-29"),
    ],
)
def test_the_ecbs_rates_convert_over_the_euro(
    sold: str, bought: str, day: str, factor: Fraction, of: str, rates: ExchangeRates
) -> None:
    assert rates.rate(sold, bought, "ECB", day) == ExchangeRate(factor, "ECB", of)


@pytest.mark.parametrize(
    ("bought", "source", "day"),
    [
        ("USD", "ECB", "2023-12-28"),
        ("CNY", "ECB", "2024-01-09"),
        ("ISK", "ECB", "2023-12-29"),
        ("USD", "PBOC", "2024-01-02"),
    ],
)
def test_a_rate_of_another_day_or_source_does_not_stand_in(
    bought: str, source: str, day: str, rates: ExchangeRates
) -> None:
    with pytest.raises(NotAvailable, match=f"no rate from EUR to {bought} by {source} on {day} or the 10 days before"):
        rates.rate("EUR", bought, source, day)


@pytest.mark.parametrize(
    ("quoted", "factor"),
    [
        ([("EUR", "USD", "2"), ("EUR", "CNY", "8"), ("AUD", "USD", "5"), ("CNY", "AUD", "3")], Fraction(1, 15)),
        ([("EUR", "USD", "2"), ("EUR", "CNY", "8"), ("USD", "EUR", "4")], Fraction(32)),
    ],
    ids=["the first third currency by code", "direct legs before inverse ones"],
)
def test_a_crossing_takes_the_best_legs(book: Book, quoted: list[tuple[str, str, str]], factor: Fraction) -> None:
    post(book, *(rate(base, quote, "2024-01-02", by) for base, quote, by in quoted))
    assert ExchangeRates(book.connection, "corrected").rate("USD", "CNY", None, "2024-01-02").factor == factor
