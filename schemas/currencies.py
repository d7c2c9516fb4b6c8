"""Currencies of ISO 4217, and amounts in minor units as decimal strings."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple


class Currency(NamedTuple):
    """A row of ISO 4217 List One (published 2026-01-01) that has a minor unit."""

    code: str
    number: int
    decimals: int
    name: str


def _read_currencies() -> dict[str, Currency]:
    # Our own copy, not a library's: a package update must not change what a book contains.
    lines = files("schemas").joinpath("currencies.csv").read_text(encoding="utf-8").splitlines()
    return {
        row["code"]: Currency(row["code"], int(row["number"]), int(row["decimals"]), row["name"])
        for row in csv.DictReader(lines)
    }


CURRENCIES = _read_currencies()
CURRENCY_NUMBERS = {currency.number: currency for currency in CURRENCIES.values()}


def decimal_text(minor: int, currency: str) -> str:
    """Return minor units as a decimal string: `decimal_text(123456780, "CNY") == "1234567.80"`."""
    decimals = CURRENCIES[currency].decimals
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits
