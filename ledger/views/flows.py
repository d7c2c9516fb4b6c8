"""Flows: registrations in a period, and their growth.

Their cells are those of the totals, with region, right and industry. Each also counts in its country and in all regions
together, and in all rights together: `ALL`, a name that nothing else has.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.columns import INDUSTRY_COLUMN, SUBDIVISIONS, YEAR_TO_DATE_COLUMNS, amount_columns
from ledger.views.view import Column, View

_CELL = (
    Column(
        "region",
        "ISO 3166",
        f"region of the first applicant or pledgor; {SUBDIVISIONS}; `ALL` for all",
        "region",
    ),
    Column("right", "text", "kind of right; `mixed` for several; `ALL` for all"),
    INDUSTRY_COLUMN,
    Column("currency", "ISO 4217 code", "currency of the amounts; null if the row has none", "currency"),
)


def _narrowed(*names: str) -> Mapping[str, Mapping[str, str]]:
    """Return the narrower files of these relations and of `area`."""
    return {"region": {"area": "area_asked"}, "industry": {name: f"{name}_of_industry" for name in names}}


PLEDGE_FLOW = View(
    "pledge_flow",
    "Each row is a period. amount is the sum that the pledges registered in it secure, as first registered (a "
    "pledge exists from its registration: Civil Code Art. 444). coverage = with_amount / pledges. record_high = 1 if "
    "no earlier year (or month) has a higher amount in the same region, right, industry and currency.",
    (
        Column("period", "ISO 8601", "year (`2023`) or month (`2023-05`) of registration"),
        Column("year", "year", "year of the period"),
        Column("month", "month", "1 to 12; null for a year"),
        *_CELL,
        Column("pledges", "count", "pledges registered in the period, in any currency"),
        Column("with_amount", "count", "pledges with an amount in this currency"),
        *amount_columns("amount", "exact sum of the secured amounts"),
        Column("coverage", "ratio", "with_amount / pledges, 0 to 1"),
        Column("record_high", "0 or 1", "1 if no earlier year (month) has a higher sum"),
    ),
    details=(
        "Later changes and cancellations do not count.",
        "An industry has its share of an amount: by appraised value, else equally.",
        (
            "Rows overlap and do not add up: a year and its months, `ALL` and its parts, a country and its "
            "subdivisions, industries (a pledge counts once in each that it touches)."
        ),
        "Each currency has its own row, with the same count of pledges.",
        "An amount that was not given is missing, not 0: gazettes publish none.",
        (
            "Records reach back as far as the book: its first year is one, and so is a year that equals the highest "
            "before."
        ),
    ),
    uses=("area", "posted_block", "pledge_total", "pledge_posting"),
    narrowed=_narrowed("pledge_total", "pledge_posting"),
    main=("period", "region", "right", "industry", "currency", "amount", "pledges", "coverage", "record_high"),
)

PLEDGE_YOY = View(
    "pledge_yoy",
    "Each row compares a year with the year before. growth = (A_y - A_{y-1}) / A_{y-1}, with A = amount in "
    "`pledge_flow` of whole years, from exact minor units. pledges_growth is the same for counts. Columns "
    "`..._as_published` are on the recorded basis, others on the corrected one; restated = 1 if the year's own "
    "figures differ.",
    (
        Column("year", "year", "year of registration"),
        *_CELL,
        Column("pledges", "count", "pledges registered in the year, in any currency"),
        Column("pledges_before", "count", "same for the year before; null without any"),
        Column("pledges_growth", "ratio", "(pledges - pledges_before) / pledges_before"),
        Column("with_amount", "count", "pledges with an amount in this currency"),
        *amount_columns("amount", "exact sum of the secured amounts"),
        *amount_columns("amount_before", "same for the year before"),
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("restated", "0 or 1", "1 if revisions changed the year's pledges or amount"),
        Column("pledges_as_published", "count", "pledges on the recorded basis"),
        Column("pledges_growth_as_published", "ratio", "pledges_growth on the recorded basis"),
        *amount_columns("amount_as_published", "amount on the recorded basis"),
        Column("growth_as_published", "ratio", "growth on the recorded basis"),
    ),
    details=(
        (
            "Rounded figures are never divided: 12.153 bn to 22.76 bn yuan is +87.28 % (0.8728), a rounded 23.0 bn "
            "would give +89.25 %."
        ),
        (
            "growth is null if the year before has no amount in the currency, or a sum of 0; an earlier year never "
            "replaces it."
        ),
        ("pledges_growth counts all currencies and undisclosed amounts; it is null if the year before has no pledge."),
        (
            "A year in which neither basis has a pledge has no row. If revisions moved or voided all pledges of a "
            "year, it has 0, next to those published. The currency of a row is that of its amounts on either basis."
        ),
        "The current year is compared with a whole one: `ytd_vs_same_period` compares equal periods.",
        "Closed years can be restated too.",
    ),
    uses=("area", "pledge_total"),
    narrowed=_narrowed("pledge_total"),
    main=(
        "year",
        "region",
        "right",
        "industry",
        "currency",
        "amount",
        "growth",
        "pledges",
        "pledges_growth",
        "restated",
        "amount_before",
    ),
)

YTD_VS_SAME_PERIOD = View(
    "ytd_vs_same_period",
    "Each row compares S, the sum from 1 January to the day, with S', the sum from 1 January to the same "
    "month-day of the year before, by business date. growth = (S - S') / S' from exact minor units, events_growth "
    "the same for counts. Null if one is unknown, or S' is not above 0.",
    (
        Column("metric", "text", "kind of total: `grants`, `pledges`, ... (glossary)", "kind"),
        *_CELL,
        *YEAR_TO_DATE_COLUMNS,
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("events_growth", "ratio", "(events - events_before) / events_before"),
    ),
    details=(
        (
            "For 29 February the earlier period ends on 28 February; a period that ends on the 28th excludes the 29th "
            "of a leap year."
        ),
        "A cell with events in only one period has a row: count 0 and no amount in the other.",
        "S' of `pledge_changes` can be negative.",
        (
            "Each metric is a kind of total with one concept of money: `pledges` secured, `valuations` appraised, "
            "`loan_disbursements` disbursed, `pledge_realisations` realised."
        ),
        "Never add metrics or currencies.",
        "A change from one currency to another is an event of both.",
    ),
    main=(
        "metric",
        "region",
        "right",
        "industry",
        "currency",
        "amount",
        "growth",
        "events",
        "events_growth",
        "amount_before",
        "events_before",
    ),
    uses=("area", "posted_block", "posting_period", "posting_to_date"),
    narrowed=_narrowed("posting_to_date"),
)

VIEWS = (PLEDGE_FLOW, PLEDGE_YOY, YTD_VS_SAME_PERIOD)
