"""The class `View`, and SQL expressions that views share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

from ledger.posting.cells import BASES, LOW

NEWEST_DAY = "(SELECT max(newest_day) FROM position)"
"""SQL: the newest business date in the book, ignoring dates that were in the future when published."""


class Column(NamedTuple):
    """One column: its unit (`text`, `count`, `minor units`, `ratio`, ...) and its meaning.

    `form` is a key of COLUMN_FORMS: how to render the value of the SQL. `raw` is the column of the SQL if it has
    another name; for money, it is the prefix of two columns, `<raw>_high` and `<raw>_low`, and `decimals` is the column
    with the decimals of the currency.
    """

    name: str
    unit: str
    meaning: str
    form: str = ""
    raw: str = ""
    decimals: str = "decimals"

    @property
    def shown(self) -> str:
        """The SQL expression of the rendered value."""
        halves = (f"{self.raw}_high", f"{self.raw}_low", self.decimals)
        if self.form == "money":
            return decimal_amount(*halves)
        if self.form == "minor":
            return minor_amount(*halves)
        return COLUMN_FORMS[self.form].format(f'"{self.raw or self.name}"')


@dataclass(frozen=True)
class View:
    """A named table for readers, with its SQL in `sql/<name>.sql`.

    `formula` gives the rule and its source in at most 60 words, `details` the rest, one rule per entry. The SQL returns
    days as YYYYMMDD, constants as numbers, and money in halves; the `form` of each column renders them. It may take a
    day, `:as_of` (default: the SQL expression `day`), and a basis, `:basis` (1 recorded, 2 corrected). A view with a
    basis is in the book twice: `<name>` (corrected) and `<name>_recorded`. `uses` lists the relations that the SQL
    reads, each after its own inputs. `narrowed` is for filters that SQLite cannot push down to an index: for a column,
    it replaces a relation by a file that takes the values as a JSON array, `:only`, and returns only what they need.
    `once` lists relations to compute once for a question without filters; a filter has to reach each of their uses.
    `main` lists the columns that matter most, in this order: where a table is too narrow, they stay (`place` is topic,
    partition and offset).
    """

    name: str
    formula: str
    columns: tuple[Column, ...]
    day: str = NEWEST_DAY
    uses: tuple[str, ...] = ()
    narrowed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    main: tuple[str, ...] = ()

    @cached_property
    def select(self) -> str:
        """The SELECT of all columns, rendered."""
        shown = ",\n  ".join(f'{column.shown} AS "{column.name}"' for column in self.columns)
        return f"SELECT {shown}\nFROM (\n{self.relation})"

    @cached_property
    def relation(self) -> str:
        """The SQL of the view's file, after the relations that it reads."""
        return self._reading({})

    def relation_of(self, column: str) -> str:
        """Return `relation`, narrowed to values of the column."""
        return self._reading(self.narrowed[column])

    @cached_property
    def whole(self) -> str:
        """`relation`, for all its rows."""
        return self._reading({}, self.once)

    def _reading(self, files: Mapping[str, str], once: tuple[str, ...] = ()) -> str:
        relations = ",\n".join(
            f"{name} AS{' MATERIALIZED' if name in once else ''} (\n{view_sql(files.get(name, name))})"
            for name in self.uses
        )
        return (f"WITH {relations}\n" if relations else "") + view_sql(self.name)

    @property
    def takes_a_day(self) -> bool:
        """True if the view takes a day."""
        return ":as_of" in self.select

    @property
    def takes_a_basis(self) -> bool:
        """True if the view takes a basis."""
        return ":basis" in self.select

    def on(self, basis: str) -> str:
        """Return the SELECT on `recorded` or `corrected`; it may take `:as_of`."""
        return on_basis(self.select, basis)

    def definitions(self) -> Iterator[str]:
        """Yield the CREATE VIEW statements of every book."""
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
    """Return SQL with `:basis` replaced by the number of `recorded` or `corrected`."""
    return sql.replace(":basis", str(BASES[basis]))


def label_of(family: str, column: str) -> str:
    """Return the SQL of a constant's name."""
    return f"(SELECT name FROM constant WHERE family = '{family}' AND number = {column})"


def day(column: str) -> str:
    """Return the SQL that renders YYYYMMDD as YYYY-MM-DD; null stays null."""
    return (
        f"iif({column} IS NULL, NULL, printf('%04d-%02d-%02d', {column} / 10000, {column} / 100 % 100, {column} % 100))"
    )


def decimal_amount(high: str, low: str, decimals: str) -> str:
    """Return the SQL that renders an amount in halves as exact decimal text; null without currency or amount."""
    sign, digits = _digits(high, low)
    whole = f"coalesce(nullif(ltrim(substr({digits}, 1, length({digits}) - {decimals}), '0'), ''), '0')"
    usual = f"WHEN {high} = 0 AND {decimals} = 2 THEN printf('%d.%02d', {low} / 100, {low} % 100)"  # twice as fast
    return f"""CASE {usual} WHEN {decimals} IS NOT NULL AND {high} IS NOT NULL THEN
    {sign} || {whole} || CASE WHEN {decimals} > 0 THEN '.' || substr({digits}, -{decimals}) ELSE '' END END"""


def minor_amount(high: str, low: str, decimals: str) -> str:
    """Return the SQL of an amount in minor units: an integer, or its digits as text beyond 64 bits."""
    sign, digits = _digits(high, low)
    return f"""CASE WHEN {decimals} IS NULL OR {high} IS NULL THEN NULL
    WHEN {high} BETWEEN -9000000 AND 8999999 THEN {high} * {LOW} + {low}
    ELSE {sign} || ltrim({digits}, '0') END"""


def _digits(high: str, low: str) -> tuple[str, str]:
    """Return the SQL of sign and digits of high * LOW + low; `low` is never negative, `high` may be."""
    borrowed = f"({high} < 0 AND {low} > 0)"
    digits = f"printf('%d%012d', abs({high} + {borrowed}), iif({borrowed}, {LOW} - {low}, {low}))"
    return f"CASE WHEN {high} < 0 THEN '-' ELSE '' END", digits


_UUID = " || '-' || ".join(
    f"hex(substr({{0}}, {start}, {length}))" for start, length in ((1, 4), (5, 2), (7, 2), (9, 2), (11, 6))
)
CONSTANT_FORMS = ("topic", "type", "outcome", "rule", "kind", "right", "basis")
"""Forms of columns with the number of a constant, by its family."""
COLUMN_FORMS = {
    "": "{0}",
    "day": day("{0}"),
    "industry": "(SELECT code FROM industry WHERE number = {0})",
    "industry_en": "(SELECT name_en FROM industry WHERE number = {0})",
    "industry_zh": "(SELECT name_zh FROM industry WHERE number = {0})",
    "currency": "(SELECT code FROM currency WHERE number = {0})",
    "region": "nullif({0}, '')",
    "id": f"CASE typeof({{0}}) WHEN 'blob' THEN lower({_UUID}) ELSE {{0}} END",
    **{family: label_of(family, "{0}") for family in CONSTANT_FORMS},
}
"""SQL that renders a value {0}: a day as YYYY-MM-DD, the name or code of a number, null for no region, a UUID for 16
bytes."""
