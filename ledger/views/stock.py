"""Stocks: what is in force on a day."""

from __future__ import annotations

from ledger.views.view import AMOUNT, AMOUNT_MINOR, END_OF_TIME, INDUSTRY_NAMES, Column, View, carried

PLEDGE_STOCK = View(
    "pledge_stock",
    "pledges with registration <= day < cancellation, each with its amount after the last effective change dated up "
    "to the day; folded pledge by pledge; without a day all that are not cancelled",
    (
        Column("industry", "code", "`ALL` for the whole; else the industry's share"),
        *INDUSTRY_NAMES,
        Column("currency", "ISO 4217 code", "of the amount; null for pledges without a known amount"),
        Column("pledges", "count", "pledges in force that touch this row"),
        Column("amount", "decimal text", "secured amount in force; null where none is known"),
        Column("amount_minor", "minor units", "the same as an integer (a text of digits beyond 64 bits)"),
    ),
    f"""SELECT i.code AS industry, name_en, name_zh, c.code AS currency, pledges, {AMOUNT} AS amount,
  {AMOUNT_MINOR} AS amount_minor
FROM (
  SELECT industry, currency, sum(@side_events) AS pledges, {carried("sum(@side_high)", "sum(@side_low)")}
  FROM stock WHERE date <= :as_of GROUP BY industry, currency
) AS sums JOIN industry AS i ON i.number = sums.industry
LEFT JOIN currency AS c ON c.number = sums.currency WHERE pledges != 0
ORDER BY i.number, c.code""",
    str(END_OF_TIME),
)

VIEWS = (PLEDGE_STOCK,)
