"""Reference data: rates, populations, policies, published figures."""

from __future__ import annotations

from ledger.views.columns import SUBDIVISIONS
from ledger.views.view import Column, View

FX_RATES = View(
    "fx_rates",
    "Each row is an exchange rate as its source published it: one unit of base = rate units of quote. Of several "
    "from one source for one day, the last in the log counts. A conversion uses the rate of its day, else the "
    "newest one at most 10 days older (weekends, holidays).",
    (
        Column("fx_source", "text", "source of the rate, such as ECB"),
        Column("base", "ISO 4217 code", "base currency (one unit)"),
        Column("quote", "ISO 4217 code", "quote currency"),
        Column("day", "date", "day of the rate", "day"),
        Column("rate", "decimal text", "units of quote per unit of base, as published"),
    ),
)

POPULATIONS = View(
    "populations",
    "Each row is the number of residents of a region on a reference day, as published up to the day. Of several "
    "publications the last by date counts, then the last in the log. denominator = 1 for the latest year-end (31 "
    "December), which figures per 10,000 residents use: in December 2022 the end of 2021.",
    (
        Column("region", "ISO 3166", "region of residence"),
        Column("as_of", "date", "reference day", "day"),
        Column("persons", "persons", "number of residents"),
        Column("published_on", "date", "publication date", "day"),
        Column("publisher", "text", "publisher"),
        Column("denominator", "0 or 1", "1 for the denominator on the day"),
    ),
)

POLICIES = View(
    "policies",
    "Each row is a parameter in force on the day: valid_from <= day, and day <= valid_to if given. Of several "
    "from one issuer for one region, right and currency, the latest first day counts, then the last in the log. "
    "Those of other issuers are separate rows.",
    (
        Column("policy", "text", "ltv_cap, inclusive_loan, high_value_pledge, high_value_years, ..."),
        Column("issuer", "text", "issuer of the policy"),
        Column("region", "ISO 3166", "region of the policy; null: everywhere"),
        Column("right", "text", "right of the policy; null: all", "right"),
        Column("value", "decimal text", "parameter, as given"),
        Column("currency", "ISO 4217 code", "currency of an amount"),
        Column("anchor", "text", "start of years: filing or grant"),
        Column("valid_from", "date", "first day in force", "day"),
        Column("valid_to", "date", "last day in force; null: until replaced", "day"),
    ),
    main=("policy", "region", "right", "value", "currency", "valid_from", "issuer", "valid_to"),
)

PUBLISHED_FIGURES = View(
    "published_figures",
    "Each row is a figure as somebody else published it. `ip-ledger reconcile` compares them with the ledger.",
    (
        Column("figure", "text", "name of the figure in its source"),
        Column("metric", "text", "metric of the figure"),
        Column("region", "ISO 3166", f"{SUBDIVISIONS}; null: everywhere"),
        Column("rights", "text", "rights counted, comma-separated; null: all"),
        Column("industry", "code", "industry; null: all"),
        Column("office", "WIPO ST.3", "office of the register or gazette; null: any"),
        Column("kinds", "text", "kinds of documents counted (WIPO ST.16), comma-separated; null: all"),
        Column("scope", "text", "restriction that the ledger cannot apply; null: none"),
        Column("purpose", "text", "purpose of valuations; null: all"),
        Column("period_from", "date", "first day of a flow; null for stocks", "day"),
        Column("period_to", "date", "last day of a flow, day of a stock", "day"),
        Column("value", "decimal text", "value as published, in units; percent for growth and shares"),
        Column("precision", "decimal text", "unit to which the value was rounded; null: not known"),
        Column("rounding", "text", "half_up, or down"),
        Column("bound", "text", "above, at_least, below, at_most, nearly: the value is a bound; null: it is not"),
        Column("currency", "ISO 4217 code", "currency of the underlying amounts"),
        Column("converted_to", "ISO 4217 code", "currency of a converted value"),
        Column("fx_source", "text", "source of the conversion rate; null if there is only one"),
        Column("fx_on", "date", "day of the conversion rate", "day"),
        Column("published_on", "date", "publication date", "day"),
        Column("publisher", "text", "publisher"),
        Column("document", "text", "source document"),
        Column("restated", "0 or 1", "1 if its publisher published another value under the same subject later"),
        Column("subject", "text", "id of the figure in the log"),
    ),
    main=("figure", "value", "metric", "period_to", "currency", "region", "period_from", "publisher", "published_on"),
)

VIEWS = (FX_RATES, POPULATIONS, POLICIES, PUBLISHED_FIGURES)
