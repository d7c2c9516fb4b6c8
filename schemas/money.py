"""Money: a decimal string and an ISO 4217 code on the wire, integer minor units inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationInfo,
    with_config,
)
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from schemas.currencies import CURRENCIES, Currency, decimal_text
from schemas.wording import InvalidValue

LARGEST_MINOR = 10**15
"""The largest single amount in minor units; totals may be larger."""


def _known(code: str) -> Currency:
    currency = CURRENCIES.get(code)
    if currency is None:
        raise InvalidValue("currency", given=code)
    return currency


def check_in_use(currency: Currency, info: ValidationInfo) -> None:
    """Raise InvalidValue if a currency was not in use on the day of the event that is being validated: amounts of a
    published figure are of its period, all others of `occurred_on`."""
    facts: Mapping[str, Any] = info.data or {}  # outside a model there is no day
    day = facts.get("period_to") or facts.get("occurred_on")
    if day is not None and day < currency.first_day:
        first = currency.first_day.isoformat()
        raise InvalidValue("currency_not_yet", code=currency.code, first=first, day=day.isoformat())
    if day is not None and day > currency.last_day:
        last = currency.last_day.isoformat()
        raise InvalidValue("currency_withdrawn", code=currency.code, last=last, day=day.isoformat())


def _check_code(code: str, info: ValidationInfo) -> str:
    currency = _known(code)
    check_in_use(currency, info)
    return currency.code


CurrencyCode = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{3}$"),
    AfterValidator(_check_code),
]
"""The code of a currency of ISO 4217 that has a minor unit, and was in use on the day of the event."""


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
        return core_schema.with_info_after_validator_function(
            _counted,
            handler.generate_schema(WrittenMoney),
            serialization=core_schema.plain_serializer_function_ser_schema(_written),
        )


def _counted(written: WrittenMoney, info: ValidationInfo) -> Money:
    amount, code = written["amount"], written["currency"]
    currency = _known(code)
    check_in_use(currency, info)
    whole, _, fraction = amount.partition(".")
    if len(fraction) > currency.decimals:
        raise InvalidValue("decimals", amount=amount, code=code, decimals=len(fraction), most=currency.decimals)
    minor = int(whole + fraction.ljust(currency.decimals, "0"))
    if minor > LARGEST_MINOR:
        raise InvalidValue("amount", amount=amount, code=code)
    return Money(currency, minor)


def _written(money: Money) -> WrittenMoney:
    return {"amount": decimal_text(money.minor, money.currency.code), "currency": money.currency.code}
