"""The mission: figures by industry and year, and how much of them had an amount."""

from __future__ import annotations

from ledger.posting.cells import STOCKS, WITHOUT_MONEY
from ledger.views.view import AMOUNT, AMOUNT_MINOR, INDUSTRY_NAMES, MONEY_COLUMNS, Column, View, named

_INDUSTRY = (
    Column("industry", "code", "industry of the patent or asset (industry map of the book)"),
    *INDUSTRY_NAMES,
)
_YEAR = Column("year", "year", "of the business date")
_KIND = Column("kind", "text", "what is counted: `grants`, `pledges`, ...; see the glossary")
_BY_INDUSTRY_AND_YEAR = f"""SELECT industry, kind, period AS year, currency, @side_events AS events,
    @side_with_amount AS with_amount, @side_high AS high, @side_low AS low
  FROM summary WHERE period <= 9999 AND industry != 0 AND kind < {STOCKS}"""

INDUSTRY_YEAR = View(
    "industry_year",
    "sum of the shares of events in each industry, by year and kind; an event counts once in each "
    "industry that it touches; a pledge's amount is shared over its assets by appraised value, else equally",
    (*_INDUSTRY, _YEAR, _KIND, *MONEY_COLUMNS),
    f"""SELECT i.code AS industry, name_en, name_zh, year, {named("kind", "kind")} AS kind, c.code AS currency, events,
  with_amount, {AMOUNT} AS amount, {AMOUNT_MINOR} AS amount_minor
FROM ({_BY_INDUSTRY_AND_YEAR}) AS sums JOIN industry AS i ON i.number = sums.industry
LEFT JOIN currency AS c ON c.number = sums.currency WHERE events != 0
ORDER BY year, i.number, sums.kind, c.code""",
)

COVERAGE = View(
    "coverage",
    "with_amount / events, by kind, industry and year: how much of a sum of money is known at all",
    (
        *_INDUSTRY,
        _YEAR,
        _KIND,
        Column("events", "count", "events that touch this row, whatever their currency"),
        Column("with_amount", "count", "how many of them had an amount"),
        Column("coverage", "ratio", "with_amount / events, 0 to 1"),
    ),
    f"""SELECT i.code AS industry, name_en, name_zh, year, {named("kind", "kind")} AS kind, events, with_amount,
  1.0 * with_amount / events AS coverage
FROM (
  SELECT industry, kind, period AS year, sum(@side_events) AS events, sum(@side_with_amount) AS with_amount
  FROM summary WHERE period <= 9999 AND kind < {STOCKS} AND kind NOT IN ({", ".join(map(str, WITHOUT_MONEY))})
  GROUP BY industry, kind, period
) AS sums JOIN industry AS i ON i.number = sums.industry WHERE events != 0
ORDER BY year, i.number, sums.kind""",
)

VIEWS = (INDUSTRY_YEAR, COVERAGE)
