"""Filters: `NAME=V`, `!=`, `>=`, `<=`, `>`, `<`, lists `A,B`. Each becomes a condition on a raw column of the SQL.

Values are converted to those of the raw column (a day to YYYYMMDD, a code or name to its number, an amount to halves),
so that SQLite can use its indexes. They never become SQL text: values are bound, and columns are those of the query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from math import ceil, floor
from typing import NamedTuple

from ledger.nearest import UnknownName
from ledger.posting.cells import LOW
from ledger.posting.constants import CONSTANTS
from ledger.queries.kinds import kind_of
from ledger.views.view import Column
from schemas.currencies import CURRENCIES
from schemas.errors import UsageError
from schemas.id_keys import id_key
from schemas.industry import INDUSTRIES

_FILTER = re.compile(r"(?P<column>\w+)(?P<operator>!=|>=|<=|=|>|<)(?P<value>.*)", re.DOTALL)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}([.][0-9]{1,9})?").fullmatch
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_NOT_GIVEN: dict[str, str] = {"currency": "0", "right": "0", "region": "''"}
"""SQL: the value of a raw column of this form, besides NULL, for a value that is not given."""
_DECIMALS = sorted({currency.decimals for currency in CURRENCIES.values()})

EQUALITY = ("=", "!=")
RANGES = (">=", "<=", ">", "<")
"""Operators that need an order."""

Bind = Callable[[object], str]
"""Takes a value and returns the name of its SQL parameter."""


class BadFilter(UsageError):
    """{text!r} is not a filter. Write NAME=VALUE, or use !=, >=, <=, > or < instead of =. Separate several values of =
    and != with commas. Quote > and < in a shell: 'year>=2022'."""


class BadValue(UsageError):
    """{value!r} is not a value of the column {column}. {hint}"""


class BadDay(UsageError):
    """{text!r} is not a day. Write a day of the calendar as YYYY-MM-DD."""


class NotOrdered(UsageError):
    """The column {column} holds names, which have no order, so {operator} does not apply. Use = or !=."""


class Filter(NamedTuple):
    """A condition on a column. An empty value means null."""

    column: str
    operator: str
    values: tuple[str, ...]

    @classmethod
    def exactly(cls, column: str, value: object) -> Filter:
        """Return the filter for one value, which may contain commas."""
        return cls(column, "=", (str(value),))


def parse_filter(text: str) -> Filter:
    """Parse a filter. Raise BadFilter."""
    found = _FILTER.fullmatch(text)
    if found is None:
        raise BadFilter(text=text)
    operator, value = found["operator"], found["value"]
    values = tuple(value.split(",")) if operator in ("=", "!=") else (value,)
    return Filter(found["column"], operator, values)


def condition(column: Column, asked: Filter, bind: Bind) -> str:
    """Return the SQL of a filter on `column`; `bind` binds each value. Raise BadValue, NotOrdered, UnknownName."""
    given = [value for value in asked.values if value]
    if asked.operator in RANGES:
        return _range(column, asked, bind)
    parts = [_is_null(column)] if len(given) < len(asked.values) else []
    if given:
        parts.append(_is_one_of(column, given, bind))
    found = " OR ".join(parts)
    # a comparison with null is null: coalesce makes null values unequal
    return f"({found})" if asked.operator == "=" else f"NOT coalesce({found}, 0)"


def operators_of(column: Column) -> tuple[str, ...]:
    """Return the operators of filters on a column: names have no order."""
    return (*EQUALITY, *RANGES) if column.form in ("", "day", "money", "minor") else EQUALITY


def only_values(column: Column, asked: Filter) -> str | None:
    """Return the values of a filter `=` on the column, as a JSON array of raw values; None for another filter or one
    that accepts null. Raise BadValue, UnknownName."""
    if asked.column != column.name or asked.operator != "=" or not all(asked.values):
        return None
    return json.dumps([_value(column, value) for value in asked.values])


def sort_keys(column: Column) -> list[str]:
    """Return the SQL of the sort keys: raw values if they sort like the rendered ones."""
    if column.form in ("money", "minor"):
        halves = raw_of(column)
        return halves if column.form == "minor" else [f"CAST({column.shown} AS REAL)", *halves]
    if column.form in ("", "day"):
        return [f"CAST({_raw(column)} AS REAL)" if kind_of(column) == "decimal" else _raw(column)]
    return [column.shown]


def raw_of(column: Column) -> list[str]:
    """Return the SQL of the raw values of a column: one, or the halves of an amount."""
    if column.form in ("money", "minor"):
        return [f'v."{column.raw}_high"', f'v."{column.raw}_low"']
    return [_raw(column)]


@cache
def names_of(form: str) -> Mapping[str, int]:
    """Return name -> number for raw columns of this form; none if its values are not names."""
    if form in CONSTANTS:
        return {name: int(number) for number, name in CONSTANTS[form].items()}
    if form == "currency":
        return {currency.code: currency.number for currency in CURRENCIES.values()}
    names = {"industry": "code", "industry_en": "name_en", "industry_zh": "name_zh"}
    return {getattr(one, names[form]): one.number for one in INDUSTRIES.values()} if form in names else {}


def _is_null(column: Column) -> str:
    raw = f'v."{column.raw}_high"' if column.form in ("money", "minor") else _raw(column)
    missing = _NOT_GIVEN.get(column.form)
    return f"{raw} IS NULL" if missing is None else f"({raw} IS NULL OR {raw} = {missing})"


def _is_one_of(column: Column, values: list[str], bind: Bind) -> str:
    if column.form in ("money", "minor"):
        return " OR ".join(_amount(column, "=", value, bind) for value in values)
    bound = [bind(_value(column, value)) for value in values]
    return f"{_compared(column)} = {bound[0]}" if len(bound) == 1 else f"{_compared(column)} IN ({', '.join(bound)})"


def _range(column: Column, asked: Filter, bind: Bind) -> str:
    (value,) = asked.values
    if asked.operator not in operators_of(column):
        raise NotOrdered(column=column.name, operator=asked.operator)
    if column.form in ("money", "minor"):
        return _amount(column, asked.operator, value, bind)
    return f"{_compared(column)} {asked.operator} {bind(_value(column, value))}"


def _raw(column: Column) -> str:
    return f'v."{column.raw or column.name}"'


def _compared(column: Column) -> str:
    return f"CAST({_raw(column)} AS REAL)" if not column.form and kind_of(column) == "decimal" else _raw(column)


def _value(column: Column, text: str) -> object:
    """Return the raw value of a value in a filter."""
    names = names_of(column.form)
    if names:
        if text not in names:
            raise UnknownName(what=f"the {column.name}", given=text, known=names)
        return names[text]
    if column.form == "id":
        return id_key(text)
    kind = kind_of(column)
    if column.form == "day":
        return int(_day(column, text).replace("-", ""))
    if kind == "date":
        return _day(column, text)
    if kind == "integer":
        return int(_whole(column, text))
    if kind in ("decimal", "real"):
        return float(_decimal(column, text))
    return text


def _amount(column: Column, operator: str, text: str, bind: Bind) -> str:
    """Return the SQL that compares halves with an amount; one in a currency, by the decimals of that currency."""
    halves = f'(v."{column.raw}_high", v."{column.raw}_low")'
    if column.form == "minor":
        return f"{halves} {operator} {_bound_halves(int(_whole(column, text)), bind)}"
    cases = []
    for decimals in _DECIMALS:
        exact = _decimal(column, text) * 10**decimals
        whole = floor(exact) if operator in ("<=", ">") else ceil(exact)
        if operator != "=" or whole == exact:
            compared = f"{halves} {operator} {_bound_halves(whole, bind)}"
            cases.append(f"(v.{column.decimals} = {decimals} AND {compared})")
    return f"({' OR '.join(cases) or '0'})"


def _bound_halves(whole: int, bind: Bind) -> str:
    """Return the SQL of an amount as halves. SQLite has integers of 64 bits; the largest is above every amount."""
    return f"({bind(max(-(2**63), min(whole // LOW, 2**63 - 1)))}, {bind(whole % LOW)})"


def parse_day(text: str) -> date:
    """Return a day, written YYYY-MM-DD. Raise BadDay."""
    try:
        if _DAY(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadDay(text=text[:40])


def _day(column: Column, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if _DAY(text) else _refuse(column, text, "Write a day: YYYY-MM-DD.")
    except ValueError:
        return _refuse(column, text, "This day does not exist.")


def _whole(column: Column, text: str) -> str:
    return text if _INTEGER(text) else _refuse(column, text, "Write a whole number.")


def _decimal(column: Column, text: str) -> Decimal:
    return Decimal(text if _DECIMAL(text) else _refuse(column, text, "Write a number, such as 1234.50."))


def _refuse(column: Column, text: str, hint: str) -> str:
    raise BadValue(value=text, column=column.name, hint=hint)
