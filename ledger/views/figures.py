"""Figures by industry and year, with coverage."""

from __future__ import annotations

from ledger.views.columns import INDUSTRY_NAMES, KIND_COLUMN, MONEY_COLUMNS
from ledger.views.view import Column, View

INDUSTRY_YEAR = View(
    "industry_year",
    "Each row sums the shares that one industry has of the events of a kind in a year. A pledge's amount is "
    "shared over its assets by appraised value, else equally. coverage = with_amount / events, over all "
    "currencies.",
    (
        Column("industry", "code", "industry by the book's industry map", "industry"),
        *INDUSTRY_NAMES,
        Column("year", "year", "year of the business date"),
        KIND_COLUMN,
        *MONEY_COLUMNS,
        Column("coverage", "ratio", "with_amount / events, 0 to 1; null for kinds without money"),
    ),
    details=(
        "An event counts once in each industry that it touches, so counts of industries do not add up.",
        "coverage shows for which part of the events the sum stands.",
    ),
    main=("year", "industry", "kind", "currency", "events", "amount", "coverage"),
)

VIEWS = (INDUSTRY_YEAR,)
