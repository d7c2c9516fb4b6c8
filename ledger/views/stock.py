"""Stocks: pledges in force on a day."""

from __future__ import annotations

from ledger.posting.rows import END
from ledger.views.columns import INDUSTRY_COLUMN, INDUSTRY_NAMES, amount_columns
from ledger.views.view import Column, View

PLEDGE_STOCK = View(
    "pledge_stock",
    "Each row counts the pledges of an industry in force on the day: registration <= day < cancellation. The "
    "amount is the secured one after the last effective change dated up to the day. Without a day: all pledges "
    "that are not cancelled.",
    (
        INDUSTRY_COLUMN,
        *INDUSTRY_NAMES,
        Column("currency", "ISO 4217 code", "currency of the amount; null if unknown", "currency"),
        Column("pledges", "count", "pledges in force in this row"),
        *amount_columns("amount", "secured amount in force"),
    ),
    day=str(END),
    uses=("pledge_difference",),
)

VIEWS = (PLEDGE_STOCK,)
