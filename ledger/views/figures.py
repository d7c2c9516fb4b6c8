"""The mission: figures by industry and year, and how much of them had an amount."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY_NAMES, KIND, MONEY_COLUMNS
from ledger.views.view import Column, View

INDUSTRY_YEAR = View(
    "industry_year",
    "sum of the shares of events in each industry, by year and kind; an event counts once in each "
    "industry that it touches; a pledge's amount is shared over its assets by appraised value, else equally. "
    "coverage = with_amount / events of the industry, year and kind, over all currencies: how much of a sum of money "
    "is known at all",
    (
        Column("industry", "code", "industry of the patent or asset (industry map of the book)", "industry"),
        *INDUSTRY_NAMES,
        Column("year", "year", "of the business date"),
        KIND,
        *MONEY_COLUMNS,
        Column("coverage", "ratio", "the part of the events that had an amount, 0 to 1; null for kinds without money"),
    ),
)

VIEWS = (INDUSTRY_YEAR,)
