"""Money: a decimal string and an ISO 4217 code on the wire, integer minor units inside."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints, with_config
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from schemas.wording import Wrong

LARGEST_MINOR = 10**15
"""The largest single amount in minor units; totals may be larger."""


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


def _known(code: str) -> Currency:
    currency = CURRENCIES.get(code)
    if currency is None:
        raise Wrong("currency", given=code)
    return currency


def _check_code(code: str) -> str:
    return _known(code).code


CurrencyCode = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{3}$"),
    AfterValidator(_check_code),
]
"""The code of a currency of ISO 4217 that has a minor unit."""


@with_config(ConfigDict(extra="forbid", strict=True))
class WrittenMoney(TypedDict):
    """Money as an event has it: `{"amount": "1234567.80", "currency": "CNY"}`."""

    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$", max_length=64)]
    currency: Annotated[str, Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]


class Money(NamedTuple):
    """Money in integer minor units, as the fold needs it: never negative, at most LARGEST_MINOR."""

    currency: Currency
    minor: int

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            _counted,
            handler.generate_schema(WrittenMoney),
            serialization=core_schema.plain_serializer_function_ser_schema(_written),
        )


def _counted(written: WrittenMoney) -> Money:
    amount, code = written["amount"], written["currency"]
    currency = _known(code)
    whole, _, fraction = amount.partition(".")
    if len(fraction) > currency.decimals:
        raise Wrong("decimals", amount=amount, code=code, decimals=len(fraction), most=currency.decimals)
    minor = int(whole + fraction.ljust(currency.decimals, "0"))
    if minor > LARGEST_MINOR:
        raise Wrong("amount", amount=amount, code=code)
    return Money(currency, minor)


def _written(money: Money) -> WrittenMoney:
    return {"amount": decimal_text(money.minor, money.currency.code), "currency": money.currency.code}


def decimal_text(minor: int, currency: str) -> str:
    """Return minor units as a decimal string: `decimal_text(123456780, "CNY") == "1234567.80"`."""
    decimals = CURRENCIES[currency].decimals
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits
