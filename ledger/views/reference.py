"""Reference data: rates, populations, policies, published figures."""

from __future__ import annotations

from ledger.views.view import Column, View

FX_RATES = View(
    "fx_rates",
    "exchange rates as their sources gave them: so many units of `quote` are one unit of `base`. Of several that one "
    "source gave for one day the last in the log stands. A conversion takes the rate of its day, else that of the last "
    "day before for which the source has one (weekends and holidays: the last business day), at most 10 days before",
    (
        Column("fx_source", "text", "whose rate it is, such as ECB"),
        Column("base", "ISO 4217 code", "of which one unit is converted"),
        Column("quote", "ISO 4217 code", "into which it is converted"),
        Column("day", "date", "the day of the rate", "day"),
        Column("rate", "decimal text", "units of quote for one unit of base, as given"),
    ),
)

POPULATIONS = View(
    "populations",
    "residents of a region on a day that was counted, as published up to the day asked for; of several publications "
    "the last by date, then in the log, stands. `denominator` marks what figures for 10,000 residents are divided by "
    "on that day: the latest year-end (31 December) among them, so in December 2022 that of the end of 2021",
    (
        Column("region", "ISO 3166", "where they live"),
        Column("as_of", "date", "the day that was counted", "day"),
        Column("persons", "persons", "how many they were"),
        Column("published_on", "date", "when it was published", "day"),
        Column("publisher", "text", "who published it"),
        Column("denominator", "0 or 1", "1 where it is the denominator on the day"),
    ),
)

POLICIES = View(
    "policies",
    "parameters in force on the day: those whose first day is not after it, and whose last day, if any, not before it. "
    "Of several by one issuer for one region and right the last in the log holds; other issuers' stand beside it",
    (
        Column("policy", "text", "ltv_cap, inclusive_loan, high_value_pledge, high_value_years, ..."),
        Column("issuer", "text", "who set it; null where not said"),
        Column("region", "ISO 3166", "where it holds; null: everywhere"),
        Column("right", "text", "for which right it holds; null: for all", "right"),
        Column("value", "decimal text", "the parameter, as given"),
        Column("currency", "ISO 4217 code", "of a parameter that is an amount"),
        Column("anchor", "text", "from when years are counted: filing or grant"),
        Column("valid_from", "date", "the first day on which it holds", "day"),
        Column("valid_to", "date", "the last day on which it holds; null: until another takes its place", "day"),
    ),
)

PUBLISHED_FIGURES = View(
    "published_figures",
    "figures as others printed them, each once; `ip-ledger reconcile` holds them against the ledger",
    (
        Column("figure", "text", "what it is called where it was printed"),
        Column("metric", "text", "what it is a figure of"),
        Column("region", "ISO 3166", "a country takes in its subdivisions; null: everywhere"),
        Column("rights", "text", "kinds of rights that it counts, with commas; null: all"),
        Column("industry", "code", "null: all"),
        Column("office", "WIPO ST.3", "whose register or gazette it counts; null: any"),
        Column("kinds", "text", "kinds of documents that it counts (WIPO ST.16), with commas; null: all"),
        Column("scope", "text", "what else narrows it that the ledger cannot cut out; null: nothing"),
        Column("purpose", "text", "of valuations; null: all"),
        Column("period_from", "date", "the first day of a flow's period; null for stocks", "day"),
        Column("period_to", "date", "the last day of a flow's period, the day of a stock", "day"),
        Column("value", "decimal text", "as printed, in units; percent for growth and shares"),
        Column("precision", "decimal text", "the unit of the last digit that was printed"),
        Column("rounding", "text", "half_up, or down for `more than`"),
        Column("currency", "ISO 4217 code", "of the amounts behind it"),
        Column("converted_to", "ISO 4217 code", "of the value, where it was converted"),
        Column("fx_source", "text", "whose rate converts; null where there is only one"),
        Column("fx_on", "date", "the day of that rate", "day"),
        Column("published_on", "date", "when it was printed", "day"),
        Column("publisher", "text", "who printed it"),
        Column("document", "text", "where it was printed"),
        Column("subject", "text", "the figure's id in the log"),
    ),
)

VIEWS = (FX_RATES, POPULATIONS, POLICIES, PUBLISHED_FIGURES)
