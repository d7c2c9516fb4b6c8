"""What a view is, and the SQL expressions that several views share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

END_OF_TIME = 99_991_231
"""YYYYMMDD after every date: a view that takes a day (`:as_of`) stands in the book with this one."""

LOW = 10**12
"""An amount in a total is high * LOW + low."""


class Column(NamedTuple):
    """One column: its unit (`text`, `count`, `minor units`, `ratio`, ...) and what it means."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class View:
    """A named table for readers. `select` may take the day `:as_of` (YYYYMMDD)."""

    name: str
    formula: str
    columns: tuple[Column, ...]
    select: str

    @property
    def takes_a_day(self) -> bool:
        """True if the view can be asked for as of a day."""
        return ":as_of" in self.select

    def definition(self) -> str:
        """The CREATE VIEW statement that stands in every book."""
        return f"CREATE VIEW {self.name} AS\n{self.select.replace(':as_of', str(END_OF_TIME))}"


def named(family: str, column: str) -> str:
    """SQL: the word behind a constant's number."""
    return f"(SELECT name FROM constant WHERE family = '{family}' AND number = {column})"


def day(column: str) -> str:
    """SQL: YYYYMMDD as YYYY-MM-DD; null stays null."""
    return (
        f"iif({column} IS NULL, NULL, printf('%04d-%02d-%02d', {column} / 10000, {column} / 100 % 100, {column} % 100))"
    )


def carried(high: str, low: str) -> str:
    """SQL: two columns `high` and `low` of a sum, the low part carried over into the high one."""
    return f"{high} + {low} / {LOW} AS high, {low} % {LOW} AS low"


# The decimal digits of |high * LOW + low|, exact however large; `low` is never negative, `high` may be.
_BORROWED = "(high < 0 AND low > 0)"
_DIGITS = f"printf('%d%012d', abs(high + {_BORROWED}), iif({_BORROWED}, {LOW} - low, low))"
_SIGN = "CASE WHEN high < 0 THEN '-' ELSE '' END"
_WHOLE = f"coalesce(nullif(ltrim(substr({_DIGITS}, 1, length({_DIGITS}) - decimals), '0'), ''), '0')"

AMOUNT = f"""CASE WHEN decimals IS NOT NULL THEN
    {_SIGN} || {_WHOLE} || CASE WHEN decimals > 0 THEN '.' || substr({_DIGITS}, -decimals) ELSE '' END END"""
"""SQL: `high`, `low`, `decimals` as a decimal text; null without a currency."""

AMOUNT_MINOR = f"""CASE WHEN decimals IS NULL THEN NULL
    WHEN high BETWEEN -9000000 AND 8999999 THEN high * {LOW} + low
    ELSE {_SIGN} || ltrim({_DIGITS}, '0') END"""
"""SQL: the same in minor units: an integer, or its digits as a text where it outgrows 64 bits."""

MONEY_COLUMNS = (
    Column("currency", "ISO 4217 code", "of the amount; null where no amount was said"),
    Column("events", "count", "events that touch this row"),
    Column("with_amount", "count", "how many of the events had an amount"),
    Column("amount", "decimal text", "exact sum in the currency; null where no amount was said"),
    Column("amount_minor", "minor units", "the same as an integer (a text of digits beyond 64 bits)"),
)
