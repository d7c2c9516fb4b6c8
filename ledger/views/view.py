"""What a view is, and the SQL expressions that several views share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

from ledger.posting.cells import BASES, LOW

NEWEST_DAY = "(SELECT max(newest_day) FROM position)"
"""SQL: the newest business date in the book that was not in the future when it was said."""


class Column(NamedTuple):
    """One column: its unit (`text`, `count`, `minor units`, `ratio`, ...) and what it means.

    `form` says how the value of the view's SQL is shown: see COLUMN_FORMS. `raw` is the column of that SQL, where it
    has another name; of money it is the beginning of two, `<raw>_high` and `<raw>_low`, and `decimals` the column
    with the decimals of its currency.
    """

    name: str
    unit: str
    meaning: str
    form: str = ""
    raw: str = ""
    decimals: str = "decimals"

    @property
    def shown(self) -> str:
        """SQL: the value that people see, from the view's SQL."""
        halves = (f"{self.raw}_high", f"{self.raw}_low", self.decimals)
        if self.form == "money":
            return decimal_amount(*halves)
        if self.form == "minor":
            return minor_amount(*halves)
        return COLUMN_FORMS[self.form].format(f'"{self.raw or self.name}"')


@dataclass(frozen=True)
class View:
    """A named table for readers. Its SQL stands in `sql/<name>.sql`.

    That SQL gives days as YYYYMMDD, constants by their numbers, money in halves; `form` of each column shows them. It
    may take a day, `:as_of` (without one it is `day`, a piece of SQL), and a basis, `:basis` (1 recorded, 2 corrected).
    A view that takes a basis stands in the book twice, under its name as corrected, and as recorded under
    `<name>_recorded`. `uses` names files of relations that its SQL reads from, each after those that it reads from.
    `narrowed` is for filters that SQLite cannot carry down to an index: for values of a column a relation is read from
    another file, which takes them as a JSON array, `:only`, and brings no more than what rows with them need.
    """

    name: str
    formula: str
    columns: tuple[Column, ...]
    day: str = NEWEST_DAY
    uses: tuple[str, ...] = ()
    narrowed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def select(self) -> str:
        """The SELECT of all columns as people see them."""
        shown = ",\n  ".join(f'{column.shown} AS "{column.name}"' for column in self.columns)
        return f"SELECT {shown}\nFROM (\n{self.relation})"

    @cached_property
    def relation(self) -> str:
        """The SQL of its file, with the relations that it reads from before it."""
        return self._reading({})

    def relation_of(self, column: str) -> str:
        """Return the same SQL, narrowed to values of the column."""
        return self._reading(self.narrowed[column])

    def _reading(self, files: Mapping[str, str]) -> str:
        relations = ",\n".join(f"{name} AS (\n{view_sql(files.get(name, name))})" for name in self.uses)
        return (f"WITH {relations}\n" if relations else "") + view_sql(self.name)

    @property
    def takes_a_day(self) -> bool:
        """True if the view can be asked for as of a day."""
        return ":as_of" in self.select

    @property
    def takes_a_basis(self) -> bool:
        """True if the view can be asked for as recorded."""
        return ":basis" in self.select

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


@cache
def view_sql(name: str) -> str:
    """Return the SQL of `sql/<name>.sql`."""
    return files("ledger.views").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def on_basis(sql: str, basis: str) -> str:
    """SQL that takes a basis, on `recorded` or `corrected`."""
    return sql.replace(":basis", str(BASES[basis]))


def label_of(family: str, column: str) -> str:
    """SQL: the word behind a constant's number."""
    return f"(SELECT name FROM constant WHERE family = '{family}' AND number = {column})"


def day(column: str) -> str:
    """SQL: YYYYMMDD as YYYY-MM-DD; null stays null."""
    return (
        f"iif({column} IS NULL, NULL, printf('%04d-%02d-%02d', {column} / 10000, {column} / 100 % 100, {column} % 100))"
    )


def decimal_amount(high: str, low: str, decimals: str) -> str:
    """SQL: an amount in halves as a decimal text, exact however large; null without a currency or an amount."""
    sign, digits = _digits(high, low)
    whole = f"coalesce(nullif(ltrim(substr({digits}, 1, length({digits}) - {decimals}), '0'), ''), '0')"
    return f"""CASE WHEN {decimals} IS NOT NULL AND {high} IS NOT NULL THEN
    {sign} || {whole} || CASE WHEN {decimals} > 0 THEN '.' || substr({digits}, -{decimals}) ELSE '' END END"""


def minor_amount(high: str, low: str, decimals: str) -> str:
    """SQL: the same in minor units: an integer, or its digits as a text where it outgrows 64 bits."""
    sign, digits = _digits(high, low)
    return f"""CASE WHEN {decimals} IS NULL OR {high} IS NULL THEN NULL
    WHEN {high} BETWEEN -9000000 AND 8999999 THEN {high} * {LOW} + {low}
    ELSE {sign} || ltrim({digits}, '0') END"""


def _digits(high: str, low: str) -> tuple[str, str]:
    """SQL: the sign and the decimal digits of high * LOW + low; `low` is never negative, `high` may be."""
    borrowed = f"({high} < 0 AND {low} > 0)"
    digits = f"printf('%d%012d', abs({high} + {borrowed}), iif({borrowed}, {LOW} - {low}, {low}))"
    return f"CASE WHEN {high} < 0 THEN '-' ELSE '' END", digits


_UUID = " || '-' || ".join(
    f"substr(lower(hex({{0}})), {start}, {length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
CONSTANT_FORMS = ("topic", "type", "outcome", "rule", "kind", "right", "basis")
"""Forms of columns that hold the number of a constant of this family."""
COLUMN_FORMS = {
    "": "{0}",
    "day": day("{0}"),
    "industry": "(SELECT code FROM industry WHERE number = {0})",
    "industry_en": "(SELECT name_en FROM industry WHERE number = {0})",
    "industry_zh": "(SELECT name_zh FROM industry WHERE number = {0})",
    "currency": "(SELECT code FROM currency WHERE number = {0})",
    "region": "nullif({0}, '')",
    "id": f"CASE typeof({{0}}) WHEN 'blob' THEN {_UUID} ELSE {{0}} END",
    **{family: label_of(family, "{0}") for family in CONSTANT_FORMS},
}
"""SQL: what people see of a value {0}: a day as YYYY-MM-DD, the word or code behind a number, null for no region, a
UUID for 16 bytes."""
