"""Flows: what was registered in a period, and how it grew.

They stand on cells of the totals, each with its place, right and industry. Beside what was said of a region stand its
country and all regions together, and beside each right all of them together: `ALL`, which nothing else is called.
"""

from __future__ import annotations

from ledger.posting.cells import LOW, Kind
from ledger.views.money import added_up, money, money_columns, real
from ledger.views.statements import placed
from ledger.views.view import Column, View, day, named
from schemas.topics import TOPICS

_CELL = (
    Column(
        "region",
        "ISO 3166",
        "of the first applicant or pledgor; a country's takes in its subdivisions'; `ALL` for all; null where not said",
    ),
    Column("right", "text", "kind of right; `mixed` where assets differ; `ALL` for all together"),
    Column("industry", "code", "`ALL` for the whole; else the industry's share"),
    Column("currency", "ISO 4217 code", "of the amounts; null where nothing that the row counts has one"),
)
_KEY = 'place, "right", industry'
_ALL_RIGHTS = -1
_SHOWN = f"""nullif(place, '') AS region, iif("right" = {_ALL_RIGHTS}, 'ALL', {named("right", '"right"')}) AS "right",
  i.code AS industry, c.code AS currency"""
_WORDS = "JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency"
_ORDER = "i.number, place != 'ALL', place, \"right\", c.code"


def _sums(name: str, source: str = "", where: str = "true") -> str:
    """SQL: of postings or totals, `<name>_events`, `<name>_known` (how many had an amount) and the amount in halves,
    null where none had one."""
    events, known, high, low = (
        f"sum({source}{measure}) FILTER (WHERE {where})" for measure in ("events", "with_amount", "high", "low")
    )
    return f"""coalesce({events}, 0) AS {name}_events, coalesce({known}, 0) AS {name}_known,
    iif({known} != 0, {high} + {low} / {LOW}, NULL) AS {name}_high,
    iif({known} != 0, {low} % {LOW}, NULL) AS {name}_low"""


def _together(table: str, keys: str, *names: str) -> str:
    """SQL: the cells of a table added up by place, right, industry and keys."""
    sums = (
        f"sum({name}_events) AS {name}_events, sum({name}_known) AS {name}_known, {added_up(name)}" for name in names
    )
    return f"""SELECT place, iif(rights, {_ALL_RIGHTS}, "right") AS "right", industry, {keys}, {", ".join(sums)}
  FROM {placed(table)} CROSS JOIN (SELECT 0 AS rights UNION ALL SELECT 1) GROUP BY 1, 2, 3, {keys}"""


def _growth(after: str, before: str) -> str:
    """SQL: (after - before) / before of two amounts; null unless both are known and the one before is above 0."""
    rise = f"(({after}_high - {before}_high) * {LOW}.0 + ({after}_low - {before}_low))"
    return f"iif({real(before)} > 0, {rise} / {real(before)}, NULL)"


def _count_growth(after: str, before: str) -> str:
    """SQL: the same of two counts."""
    return f"1.0 * ({after} - {before}) / nullif({before}, 0)"


_COMPARABLE = "printf('%020d%012d', amount_high, amount_low)"
"""SQL: an amount that is not negative as a text that compares as it does, however large."""

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
        *money_columns("amount", "exact sum of the secured amounts; null where none was said"),
        Column("coverage", "ratio", "with_amount / pledges, 0 to 1"),
        Column("record", "0 or 1", "whether no year (month) before had a higher sum; null without an amount"),
    ),
    f"""WITH monthly AS (
  SELECT region, "right", industry, currency, date / 10000 AS year, date / 100 % 100 AS month, {_sums("amount")}
  FROM posting WHERE topic = {TOPICS["ip.pledge.v1"].number} AND kind = {Kind.PLEDGES} AND basis & @basis
  GROUP BY 1, 2, 3, 4, 5, 6
),
dated AS MATERIALIZED (
  SELECT *, year || printf('-%02d', month) AS period FROM monthly
  UNION ALL SELECT region, "right", industry, currency, year, NULL, amount_events, amount_known, amount_high,
    amount_low, CAST(year AS TEXT) FROM monthly
),
cell AS (
  {_together("dated", "currency, period, year, month", "amount")}
),
known AS (
  SELECT *, sum(amount_events) OVER whole AS pledges, max(currency) OVER whole AS currencies,
    max({_COMPARABLE}) OVER (PARTITION BY {_KEY}, currency, month IS NULL ORDER BY period) AS highest
  FROM cell WHERE amount_events != 0 WINDOW whole AS (PARTITION BY {_KEY}, period)
)
SELECT period, year, month, {_SHOWN}, pledges, amount_known AS with_amount, {money("amount")},
  1.0 * amount_known / pledges AS coverage, iif(amount_known != 0, {_COMPARABLE} = highest, NULL) AS record
FROM known {_WORDS} WHERE currency != 0 OR currencies = 0
ORDER BY period, {_ORDER}""",
)

_BASES = {"amount": "corrected_", "amount_as_published": "recorded_"}
_BASE_YEAR = ",\n    ".join(
    f"max({name}_{half}) OVER base AS {name.replace('amount', 'amount_before')}_{half}"
    for name in _BASES
    for half in ("high", "low")
)
_PLEDGES = ",\n    ".join(
    f"sum({name}_events) OVER {window} AS {name.replace('amount', shown)}"
    for name in _BASES
    for window, shown in (("whole", "pledges"), ("whole_before", "pledges_before"))
)
_RESTATED = " OR ".join(
    f"{first} IS NOT {second}"
    for first, second in (
        ("pledges", "pledges_as_published"),
        *((f"amount_{measure}", f"amount_as_published_{measure}") for measure in ("events", "known", "high", "low")),
    )
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
        *money_columns("amount", "exact sum of the secured amounts; null where none was said"),
        *money_columns("amount_before", "the same of the year before"),
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("restated", "0 or 1", "whether corrections or voidings changed the year's pledges or amount"),
        Column("pledges_as_published", "count", "pledges, as recorded"),
        Column("pledges_growth_as_published", "ratio", "pledges_growth, as recorded"),
        *money_columns("amount_as_published", "amount, as recorded"),
        Column("growth_as_published", "ratio", "growth, as recorded"),
    ),
    f"""WITH yearly AS (
  SELECT region, "right", industry, currency, year,
    {", ".join(_sums(name, source) for name, source in _BASES.items())}
  FROM total WHERE kind = {Kind.PLEDGES} GROUP BY 1, 2, 3, 4, 5
),
cell AS (
  {_together("yearly", "currency, year", *_BASES)}
),
grown AS (
  SELECT *, max(currency) OVER whole AS currencies,
    {_PLEDGES},
    {_BASE_YEAR}
  FROM cell WHERE amount_events != 0 OR amount_as_published_events != 0
  WINDOW whole AS (PARTITION BY {_KEY}, year),
    whole_before AS (PARTITION BY {_KEY} ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING),
    base AS (PARTITION BY {_KEY}, currency ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING)
)
SELECT year, {_SHOWN}, pledges, nullif(pledges_before, 0) AS pledges_before,
  {_count_growth("pledges", "pledges_before")} AS pledges_growth, amount_known AS with_amount, {money("amount")},
  {money("amount_before")}, {_growth("amount", "amount_before")} AS growth, {_RESTATED} AS restated,
  pledges_as_published, {_count_growth("pledges_as_published", "pledges_before_as_published")}
    AS pledges_growth_as_published,
  {money("amount_as_published")}, {_growth("amount_as_published", "amount_before_as_published")} AS growth_as_published
FROM grown {_WORDS} WHERE currency != 0 OR currencies = 0
ORDER BY year, {_ORDER}""",
)

# As YYYYMMDD a year is 10000. Of 29 February the day a year before is a number that no calendar has: it compares
# rightly, and is shown as the 28th.
_PERIOD = "date BETWEEN :as_of / 10000 * 10000 + 101 AND :as_of"
_PERIOD_BEFORE = "date BETWEEN (:as_of / 10000 - 1) * 10000 + 101 AND :as_of - 10000"
_LAST_DAY_BEFORE = "(:as_of - 10000 - (:as_of % 10000 = 229))"

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
        Column("metric", "text", "what is counted: `grants`, `pledges`, ...; see the glossary"),
        *_CELL,
        Column("first_day", "date", "1 January of the day's year"),
        Column("last_day", "date", "the day"),
        Column("events", "count", "events of the period that touch the cell, whatever their currency"),
        Column("with_amount", "count", "how many of them had an amount in this currency"),
        *money_columns("amount", "exact sum over the period; null where no amount was said"),
        Column("last_day_before", "date", "the same month-day of the year before"),
        Column("events_before", "count", "events of the period of the year before"),
        Column("with_amount_before", "count", "how many of them had an amount in this currency"),
        *money_columns("amount_before", "exact sum over the period of the year before; null where none was said"),
        Column("growth", "ratio", "(amount - amount_before) / amount_before"),
        Column("events_growth", "ratio", "(events - events_before) / events_before"),
    ),
    f"""WITH summed AS MATERIALIZED (
  SELECT kind, region, "right", industry, currency, {_sums("amount", where=_PERIOD)},
    {_sums("amount_before", where=_PERIOD_BEFORE)}
  FROM posting WHERE basis & @basis AND ({_PERIOD} OR {_PERIOD_BEFORE}) GROUP BY 1, 2, 3, 4, 5
),
cell AS (
  {_together("summed", "kind, currency", "amount", "amount_before")}
),
known AS (
  SELECT *, sum(amount_events) OVER whole AS events, sum(amount_before_events) OVER whole AS events_before,
    max(currency) OVER whole AS currencies
  FROM cell WHERE amount_events != 0 OR amount_before_events != 0 WINDOW whole AS (PARTITION BY kind, {_KEY})
)
SELECT {named("kind", "kind")} AS metric, {_SHOWN}, {day("(:as_of / 10000 * 10000 + 101)")} AS first_day,
  {day(":as_of")} AS last_day, events, amount_known AS with_amount, {money("amount")},
  {day(_LAST_DAY_BEFORE)} AS last_day_before, events_before, amount_before_known AS with_amount_before,
  {money("amount_before")}, {_growth("amount", "amount_before")} AS growth,
  {_count_growth("events", "events_before")} AS events_growth
FROM known {_WORDS} WHERE currency != 0 OR currencies = 0
ORDER BY kind, {_ORDER}""",
)

VIEWS = (PLEDGE_FLOW, PLEDGE_YOY, YTD_VS_SAME_PERIOD)
