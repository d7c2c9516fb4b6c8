"""Money: a decimal string and an ISO 4217 code on the wire, integer minor units inside."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

LARGEST_MINOR = 10**15
"""One amount is at most this many minor units; a total may be larger."""


class Currency(NamedTuple):
    """One row of ISO 4217 List One (published 2026-01-01) that has a minor unit."""

    code: str
    number: int
    decimals: int
    name: str


def _read_currencies() -> dict[str, Currency]:
    # Our own copy, not a library's: an update of a package must not change what a book contains.
    lines = files("schemas").joinpath("currencies.csv").read_text(encoding="utf-8").splitlines()
    return {
        row["code"]: Currency(row["code"], int(row["number"]), int(row["decimals"]), row["name"])
        for row in csv.DictReader(lines)
    }


CURRENCIES = _read_currencies()
CURRENCY_NUMBERS = {currency.number: currency for currency in CURRENCIES.values()}


class Money(BaseModel):
    """`{"amount": "1234567.80", "currency": "CNY"}`: not negative, no more decimals than the currency has."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$", max_length=64)]
    currency: Annotated[str, Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]

    @model_validator(mode="after")
    def _fits_its_currency(self) -> Money:
        currency = CURRENCIES.get(self.currency)
        if currency is None:
            raise PydanticCustomError(
                "currency",
                "currency {code} is not one of ISO 4217 that has a minor unit",
                {"code": self.currency},
            )
        decimals = len(self.amount.partition(".")[2])
        facts: dict[str, Any] = {"amount": self.amount, "code": self.currency}
        if decimals > currency.decimals:
            facts |= {"decimals": currency.decimals, "given": decimals}
            raise PydanticCustomError("decimals", "amount {amount} has {given} decimals, {code} has {decimals}", facts)
        if self.minor > LARGEST_MINOR:
            raise PydanticCustomError("too_much", "amount {amount} {code} is more than 10^15 minor units", facts)
        return self

    @property
    def minor(self) -> int:
        """The amount in integer minor units of its currency."""
        whole, _, fraction = self.amount.partition(".")
        return int(whole + fraction.ljust(CURRENCIES[self.currency].decimals, "0"))

    @property
    def currency_number(self) -> int:
        """The ISO 4217 numeric code, by which the book keeps a currency."""
        return CURRENCIES[self.currency].number


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as a decimal string: `decimal_text(123456780, "CNY") == "1234567.80"`."""
    decimals = CURRENCIES[currency].decimals
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits
