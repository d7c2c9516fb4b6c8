"""Reference data: rates, populations, policies, published figures."""

from __future__ import annotations

from ledger.views.statements import statements
from ledger.views.view import Column, View, day, named

FX_RATES = View(
    "fx_rates",
    "exchange rates as their sources gave them: so many units of `quote` are one unit of `base`. Of several that one "
    "source gave for one day the last in the log stands. A conversion takes the rate of its day, else that of the last "
    "day before for which the source has one (weekends and holidays: the last business day), at most 10 days before",
    (
        Column("fx_source", "text", "whose rate it is, such as ECB"),
        Column("base", "ISO 4217 code", "of which one unit is converted"),
        Column("quote", "ISO 4217 code", "into which it is converted"),
        Column("day", "date", "the day of the rate"),
        Column("rate", "decimal text", "units of quote for one unit of base, as given"),
    ),
    f"""SELECT fx_source, base, quote, {day("day")} AS day, rate
FROM (
  SELECT facts ->> '$.rate_source' AS fx_source, facts ->> '$.base' AS base, facts ->> '$.quote' AS quote, day,
    facts ->> '$.rate' AS rate, max("offset")
  FROM {statements("reference.fx_rate")} GROUP BY 1, 2, 3, 4
) ORDER BY fx_source, base, quote, day""",
)

POPULATIONS = View(
    "populations",
    "residents of a region on a day that was counted, as published up to the day asked for; of several publications "
    "the last by date, then in the log, stands. `denominator` marks what figures for 10,000 residents are divided by "
    "on that day: the latest year-end (31 December) among them, so in December 2022 that of the end of 2021",
    (
        Column("region", "ISO 3166", "where they live"),
        Column("as_of", "date", "the day that was counted"),
        Column("persons", "persons", "how many they were"),
        Column("published_on", "date", "when it was published"),
        Column("publisher", "text", "who published it"),
        Column("denominator", "0 or 1", "1 where it is the denominator on the day"),
    ),
    f"""SELECT region, {day("counted_on")} AS as_of, persons, {day("published_on")} AS published_on, publisher,
  counted_on IS max(counted_on) FILTER (WHERE counted_on % 10000 = 1231) OVER (PARTITION BY region) AS denominator
FROM (
  SELECT facts ->> '$.region' AS region, facts ->> '$.as_of' AS counted_on, facts ->> '$.persons' AS persons,
    day AS published_on, facts ->> '$.publisher' AS publisher, row_number() OVER (
      PARTITION BY facts ->> '$.region', facts ->> '$.as_of' ORDER BY day DESC, "offset" DESC
    ) AS rank
  FROM {statements("reference.population")} WHERE day <= :as_of AND facts ->> '$.as_of' <= :as_of
) WHERE rank = 1 ORDER BY region, counted_on""",
)

POLICIES = View(
    "policies",
    "parameters in force on the day: those whose first day is not after it, and whose last day, if any, not before it. "
    "Of several by one issuer for one region and right the last in the log holds; other issuers' stand beside it",
    (
        Column("policy", "text", "ltv_cap, inclusive_loan, high_value_pledge, high_value_years, ..."),
        Column("issuer", "text", "who set it; null where not said"),
        Column("region", "ISO 3166", "where it holds; null: everywhere"),
        Column("right", "text", "for which right it holds; null: for all"),
        Column("value", "decimal text", "the parameter, as given"),
        Column("currency", "ISO 4217 code", "of a parameter that is an amount"),
        Column("anchor", "text", "from when years are counted: filing or grant"),
        Column("valid_from", "date", "the first day on which it holds"),
        Column("valid_to", "date", "the last day on which it holds; null: until another takes its place"),
    ),
    f"""SELECT policy, issuer, region, {named("right", '"right"')} AS "right", value, currency, anchor,
  {day("valid_from")} AS valid_from, {day("valid_to")} AS valid_to
FROM (
  SELECT facts ->> '$.policy' AS policy, facts ->> '$.issuer' AS issuer, facts ->> '$.region' AS region,
    facts ->> '$.right' AS "right", facts ->> '$.value' AS value, facts ->> '$.currency' AS currency,
    facts ->> '$.anchor' AS anchor, day AS valid_from, facts ->> '$.valid_to' AS valid_to, max("offset")
  FROM {statements("reference.policy")}
  WHERE day <= :as_of AND coalesce(facts ->> '$.valid_to', :as_of) >= :as_of GROUP BY 1, 2, 3, 4
) AS holds ORDER BY policy, issuer, region, holds."right\"""",
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
        Column("period_from", "date", "the first day of a flow's period; null for stocks"),
        Column("period_to", "date", "the last day of a flow's period, the day of a stock"),
        Column("value", "decimal text", "as printed, in units; percent for growth and shares"),
        Column("precision", "decimal text", "the unit of the last digit that was printed"),
        Column("rounding", "text", "half_up, or down for `more than`"),
        Column("currency", "ISO 4217 code", "of the amounts behind it"),
        Column("converted_to", "ISO 4217 code", "of the value, where it was converted"),
        Column("fx_source", "text", "whose rate converts; null where there is only one"),
        Column("fx_on", "date", "the day of that rate"),
        Column("published_on", "date", "when it was printed"),
        Column("publisher", "text", "who printed it"),
        Column("document", "text", "where it was printed"),
        Column("subject", "text", "the figure's id in the log"),
    ),
    f"""SELECT facts ->> '$.figure' AS figure, facts ->> '$.metric' AS metric, facts ->> '$.region' AS region,
  (
    SELECT group_concat(name) FROM (
      SELECT name FROM constant WHERE family = 'right'
        AND number IN (SELECT facts ->> '$.right' UNION SELECT value FROM json_each(facts, '$.rights')) ORDER BY number
    )
  ) AS rights, facts ->> '$.industry' AS industry, facts ->> '$.office' AS office,
  (SELECT group_concat(kind) FROM (SELECT value AS kind FROM json_each(facts, '$.kinds') ORDER BY value)) AS kinds,
  facts ->> '$.scope' AS scope, facts ->> '$.purpose' AS purpose, {day("facts ->> '$.period_from'")} AS period_from,
  {day("facts ->> '$.period_to'")} AS period_to, facts ->> '$.value' AS value, facts ->> '$.precision' AS precision,
  facts ->> '$.rounding' AS rounding, facts ->> '$.currency' AS currency, facts ->> '$.converted_to' AS converted_to,
  facts ->> '$.fx_source' AS fx_source, {day("coalesce(facts ->> '$.fx_on', day)")} AS fx_on,
  {day("day")} AS published_on, facts ->> '$.publisher' AS publisher, facts ->> '$.document' AS document, subject
FROM {statements("reference.published_figure")} ORDER BY topic, partition, "offset\"""",
)

VIEWS = (FX_RATES, POPULATIONS, POLICIES, PUBLISHED_FIGURES)
