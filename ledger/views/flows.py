"""Flows: what was registered in a period, and how it grew.

They stand on cells of the totals, each with its place, right and industry. Beside what was said of a region stand its
country and all regions together, and beside each right all of them together: `ALL`, which nothing else is called.
"""

from __future__ import annotations

from ledger.views.columns import INDUSTRY, amount_columns
from ledger.views.view import Column, View

_CELL = (
    Column(
        "region",
        "ISO 3166",
        "of the first applicant or pledgor; a country's takes in its subdivisions'; `ALL` for all; null where not said",
        "region",
    ),
    Column("right", "text", "kind of right; `mixed` where assets differ; `ALL` for all together"),
    INDUSTRY,
    Column("currency", "ISO 4217 code", "of the amounts; null where nothing that the row counts has one", "currency"),
)
_NARROWED = {
    column: {name: f"{name}_{file}" for name in ("pledge_total", "pledge_posting")}
    for column, file in (("industry", "of_industry"), ("region", "in_place"))
}
PLEDGE_FLOW = View(
    "pledge_flow",
    "A = sum of the secured amounts, as registered, of the pledges whose registration date lies in the period (a "
    "pledge right exists from its registration: Civil Code Art. 444); later changes and cancellations are no part of "
    "it. Of an industry it is the sum of its shares, an amount being shared over the assets by appraised value, else "
    "equally. `2023` is the whole year, `2023-05` a month of it: they do not add up, and neither do `ALL` and its "
    "parts, a country and its subdivisions, or pledges over industries, since a pledge counts once in each that it "
    "touches. Amounts of two currencies never meet: each has its row, with the same count of pledges. coverage = "
    "with_amount / pledges: for what part of the pledges the sum stands (an amount that was not said is missing, not "
    "0; gazettes publish none). record = 1 where A is the maximum of A over the years (months) up to it, in the same "
    "region, right, industry and currency: as far back as the book goes, so its first year is one, and a year that "
    "equals the highest before it is one",
    (
        Column("period", "ISO 8601", "year (`2023`) or month (`2023-05`) of the registrations"),
        Column("year", "year", "the year, also of a month"),
        Column("month", "month", "1 to 12; null for a whole year"),
        *_CELL,
        Column("pledges", "count", "pledges registered in the period that touch the cell, whatever their currency"),
        Column("with_amount", "count", "how many of them had an amount in this currency"),
        *amount_columns("amount", "exact sum of the secured amounts; null where none was said"),
        Column("coverage", "ratio", "with_amount / pledges, 0 to 1"),
        Column("record", "0 or 1", "whether no year (month) before had a higher sum; null without an amount"),
    ),
    uses=("pledge_total", "pledge_posting"),
    narrowed=_NARROWED,
)

PLEDGE_YOY = View(
    "pledge_yoy",
    "growth = (A_y - A_{y-1}) / A_{y-1}, A as in `pledge_flow` of whole years, from exact minor units and never from "
    "rounded figures (12.153 bn to 22.76 bn yuan is +87.28 %, shown as 0.8728; from a rounded 23.0 bn it would be "
    "+89.25 %). Null where the year before has no amount in the currency, or a sum of 0; an earlier year never takes "
    "its place. pledges_growth is the same of the count, whatever the currency and undisclosed amounts too; null where "
    "the year before has no pledge. A year without a pledge has no row. A year that is not over is held against a "
    "whole one here: `ytd_vs_same_period` holds it against its like. Columns `..._as_published` are on the recorded "
    "basis, as if nothing had been corrected or voided since, the others on the corrected one; restated = 1 where "
    "the two differ in the year's own figures, be it closed or not",
    (
        Column("year", "year", "of the registrations"),
        *_CELL,
        Column("pledges", "count", "pledges registered in the year that touch the cell, whatever their currency"),
        Column("pledges_before", "count", "the same of the year before; null where it has none"),
        Column("pledges_growth", "ratio", "(pledges - pledges_before) / pledges_before"),
        Column("with_amount", "count", "how many of the year's pledges had an amount in this currency"),
        *amount_columns("amount", "exact sum of the secured amounts; null where none was said"),
        *amount_columns("amount_before", "the same of the year before"),
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("restated", "0 or 1", "whether corrections or voidings changed the year's pledges or amount"),
        Column("pledges_as_published", "count", "pledges, as recorded"),
        Column("pledges_growth_as_published", "ratio", "pledges_growth, as recorded"),
        *amount_columns("amount_as_published", "amount, as recorded"),
        Column("growth_as_published", "ratio", "growth, as recorded"),
    ),
    uses=("pledge_total",),
    narrowed=_NARROWED,
)

YTD_VS_SAME_PERIOD = View(
    "ytd_vs_same_period",
    "S = sum over [1 January, day], S' = sum over [1 January, the same month-day of the year before], by business "
    "date; of 29 February the period before ends on 28 February, and the 29 February of a leap year lies in no period "
    "that ends on the 28th. growth = (S - S') / S' from exact minor units, events_growth the same of the counts; null "
    "where one of the two is not known, or S' is not above 0 (that of `pledge_changes` can be negative). What has "
    "events in one of the two periods only has a row, too: count 0 and no amount in the other. A metric is a kind of "
    "total and its money one concept (`pledges` secured, `valuations` appraised, `loan_disbursements` disbursed, "
    "`pledge_realisations` realised): metrics are never added up, nor are two currencies. A change from one currency "
    "to another is an event of both",
    (
        Column("metric", "text", "what is counted: `grants`, `pledges`, ...; see the glossary", "kind"),
        *_CELL,
        Column("first_day", "date", "1 January of the day's year", "day"),
        Column("last_day", "date", "the day", "day"),
        Column("events", "count", "events of the period that touch the cell, whatever their currency"),
        Column("with_amount", "count", "how many of them had an amount in this currency"),
        *amount_columns("amount", "exact sum over the period; null where no amount was said"),
        Column("last_day_before", "date", "the same month-day of the year before", "day"),
        Column("events_before", "count", "events of the period of the year before"),
        Column("with_amount_before", "count", "how many of them had an amount in this currency"),
        *amount_columns("amount_before", "exact sum over the period of the year before; null where none was said"),
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("events_growth", "ratio", "(events - events_before) / events_before"),
    ),
)

VIEWS = (PLEDGE_FLOW, PLEDGE_YOY, YTD_VS_SAME_PERIOD)
