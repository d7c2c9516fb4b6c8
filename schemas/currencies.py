"""Currencies of ISO 4217, today's and former ones, and amounts in minor units as decimal strings."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from typing import NamedTuple


class Currency(NamedTuple):
    """A currency with a minor unit of ISO 4217 List One (published 2026-01-01) or withdrawn since 1999 (List Three).

    List Three gives the month of withdrawal. The first days, from 1985 on, are those of the Unicode CLDR (supplemental
    data, the earliest in any territory), or of the law where it is earlier: a test compares them. Two codes may share a
    number (ANG and XCG, CHC and CHW, YUM and CSD); in a book, 1000 is added to that of the earlier code.
    """

    code: str
    number: int
    decimals: int
    name: str
    last_day: date
    """The last day of the month of withdrawal; `date.max` for today's currencies."""
    first_day: date
    """The first day of the currency; `date.min` for those that are older than any event may be."""

    def is_in_use(self, day: date) -> bool:
        """Return whether it is a currency on this day."""
        return self.first_day <= day <= self.last_day


def _read_currencies() -> dict[str, Currency]:
    # Our own copy, not a library's: a package update must not change what a book contains.
    lines = files("schemas").joinpath("currencies.csv").read_text(encoding="utf-8").splitlines()
    return {
        row["code"]: Currency(
            row["code"],
            int(row["number"]),
            int(row["decimals"]),
            row["name"],
            date.fromisoformat(row["last_day"]) if row["last_day"] else date.max,
            date.fromisoformat(row["first_day"]) if row["first_day"] else date.min,
        )
        for row in csv.DictReader(lines)
    }


CURRENCIES = _read_currencies()
CURRENCY_NUMBERS = {currency.number: currency for currency in CURRENCIES.values()}


def decimal_text(minor: int, currency: str) -> str:
    """Return minor units as a decimal string: `decimal_text(123456780, "CNY") == "1234567.80"`."""
    decimals = CURRENCIES[currency].decimals
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits
