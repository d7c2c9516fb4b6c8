"""Stocks: what is in force on a day."""

from __future__ import annotations

from ledger.posting.rows import END
from ledger.views.columns import INDUSTRY, INDUSTRY_NAMES, amount_columns
from ledger.views.view import Column, View

PLEDGE_STOCK = View(
    "pledge_stock",
    "pledges with registration <= day < cancellation, each with its amount after the last effective change dated up "
    "to the day; folded pledge by pledge; without a day all that are not cancelled",
    (
        INDUSTRY,
        *INDUSTRY_NAMES,
        Column("currency", "ISO 4217 code", "of the amount; null for pledges without a known amount", "currency"),
        Column("pledges", "count", "pledges in force that touch this row"),
        *amount_columns("amount", "secured amount in force; null where none is known"),
    ),
    day=str(END),
)

VIEWS = (PLEDGE_STOCK,)
