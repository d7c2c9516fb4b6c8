"""What a view is, and the SQL expressions that several views share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ledger.posting.cells import BASES, LOW

END_OF_TIME = 99_991_231
"""YYYYMMDD after every date."""
NEWEST_DAY = "(SELECT max(newest_day) FROM position)"
"""SQL: the newest business date in the book that was not in the future when it was said."""


class Column(NamedTuple):
    """One column: its unit (`text`, `count`, `minor units`, `ratio`, ...) and what it means."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class View:
    """A named table for readers.

    `select` may take a day, `:as_of` (YYYYMMDD; without one it is `day`, a piece of SQL), and a basis: `@side` stands
    for `corrected` or `recorded`, `@basis` for its number. A view that takes a basis stands in the book twice, under
    its name as corrected, and as recorded under `<name>_recorded`.
    """

    name: str
    formula: str
    columns: tuple[Column, ...]
    select: str
    day: str = NEWEST_DAY

    @property
    def takes_a_day(self) -> bool:
        """True if the view can be asked for as of a day."""
        return ":as_of" in self.select

    @property
    def takes_a_basis(self) -> bool:
        """True if the view can be asked for as recorded."""
        return "@side" in self.select or "@basis" in self.select

    def on(self, basis: str) -> str:
        """The SELECT on `recorded` or `corrected`; it may take `:as_of`."""
        return on_basis(self.select, basis)

    def definitions(self) -> Iterator[str]:
        """The CREATE VIEW statements that stand in every book."""
        yield self._definition(self.name, "corrected")
        if self.takes_a_basis:
            yield self._definition(f"{self.name}_recorded", "recorded")

    def _definition(self, name: str, basis: str) -> str:
        return f"CREATE VIEW {name} AS\n{self.on(basis).replace(':as_of', self.day)}"


def on_basis(sql: str, basis: str) -> str:
    """SQL that takes a basis, on `recorded` or `corrected`."""
    return sql.replace("@side", basis).replace("@basis", str(BASES[basis]))


def named(family: str, column: str) -> str:
    """SQL: the word behind a constant's number."""
    return f"(SELECT name FROM constant WHERE family = '{family}' AND number = {column})"


def day(column: str) -> str:
    """SQL: YYYYMMDD as YYYY-MM-DD; null stays null."""
    return (
        f"iif({column} IS NULL, NULL, printf('%04d-%02d-%02d', {column} / 10000, {column} / 100 % 100, {column} % 100))"
    )


def shifted(column: str, modifiers: str) -> str:
    """SQL: YYYYMMDD moved by modifiers of SQLite's date functions, as YYYYMMDD; null stays null."""
    return f"CAST(strftime('%Y%m%d', {day(column)}, {modifiers}) AS INTEGER)"


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

INDUSTRY_NAMES = (
    Column("name_en", "text", "the industry's English name"),
    Column("name_zh", "text", "the industry's Chinese name"),
)
MONEY_COLUMNS = (
    Column("currency", "ISO 4217 code", "of the amount; null where no amount was said"),
    Column("events", "count", "events that touch this row"),
    Column("with_amount", "count", "how many of the events had an amount"),
    Column("amount", "decimal text", "exact sum in the currency; null where no amount was said"),
    Column("amount_minor", "minor units", "the same as an integer (a text of digits beyond 64 bits)"),
)
