"""Money around rights: valuations, loans, and what is lent upon what value.

Appraised values, secured debts, what was disbursed and what is outstanding stand beside each other here, and never
meet in one sum.
"""

from __future__ import annotations

from ledger.posting.cells import LOW, MIXED
from ledger.views.money import added, halves, money, money_columns, real
from ledger.views.statements import PLEDGES, statements
from ledger.views.view import Column, View, day, named
from schemas.events import COMPENSATED, DISBURSED, REPAID

CURRENCY = Column("currency", "ISO 4217 code", "of the amounts")
REGION_UNIT = "ISO 3166"


def days_between(first: str, second: str) -> str:
    """SQL: how many days the second day is after the first; both YYYYMMDD."""
    return f"CAST(julianday({day(second)}) - julianday({day(first)}) AS INTEGER)"


# ---- policies

POLICIES = f"""
policy AS MATERIALIZED (
  SELECT facts ->> '$.policy' AS policy, facts ->> '$.region' AS region, facts ->> '$.right' AS "right",
    facts ->> '$.value' AS value, facts ->> '$.currency' AS currency, day, facts ->> '$.valid_to' AS valid_to, "offset"
  FROM {statements("reference.policy")} WHERE day <= :as_of
)"""
"""Common table expression: `policy`, the parameters that came into force up to `:as_of`."""

MOST_SPECIFIC = (
    "the most specific policy that is in force counts: one of the right before one of all rights, then one of the "
    "region, then of its country, then of all regions, then the one that came into force last, then the last in the log"
)


def policy_for(policy: str, asked: str) -> str:
    """SQL: each row asked for (region or '', right or 0, currency or '', on_day) that has a policy, and its value."""
    return f"""(
  SELECT a.*, p.value,
    max(printf('%d%02d%08d%019d', p."right" IS NOT NULL, coalesce(length(p.region), 0), p.day, p."offset"))
  FROM ({asked}) AS a JOIN policy AS p
    ON p.policy = '{policy}' AND a.on_day BETWEEN p.day AND coalesce(p.valid_to, a.on_day)
    AND (p."right" IS NULL OR p."right" = a."right") AND (p.currency IS NULL OR p.currency = a.currency)
    AND (p.region IS NULL OR p.region IN (a.region, substr(a.region, 1, 2)))
  GROUP BY a.region, a."right", a.currency, a.on_day
)"""


# ---- valuations

VALUED = f"""
valuation AS MATERIALIZED (
  SELECT subject, "offset", day, facts ->> '$.valuation_id' AS valuation_id, facts ->> '$.purpose' AS purpose,
    facts ->> '$.method' AS method, facts ->> '$.platform' AS platform, facts ->> '$.appraiser.name' AS appraiser,
    facts ->> '$.model_id' AS model_id, facts ->> '$.model_version' AS model_version, facts ->> '$.as_of' AS as_of,
    facts ->> '$.region' AS region, facts ->> '$.right' AS "right", facts ->> '$.industry' AS industry,
    facts ->> '$.mid[0]' AS currency, facts ->> '$.low[1]' AS low, facts ->> '$.mid[1]' AS mid,
    facts ->> '$.high[1]' AS high, lead(facts ->> '$.valuation_id') OVER (
      PARTITION BY subject, facts ->> '$.purpose' ORDER BY facts ->> '$.as_of', "offset"
    ) AS superseded_by
  FROM {statements("valuation.completed")} WHERE day <= :as_of
)"""
"""Common table expression: `valuation`, one row each valuation completed up to `:as_of`; it counts where superseded_by
is null. Amounts are in minor units of `currency` (its number), days are YYYYMMDD."""

_VALUED_AS = (
    Column("purpose", "text", "what it was valued for: `pledge_financing`, `licence`, `transfer`, ..."),
    Column("platform", "text", "the platform that valued it; null where not said"),
)
_INDUSTRY = Column("industry", "code", "industry of the first IPC symbol said with the valuation; `UNK` without one")
_LATEST = (
    "Of the valuations of one subject for one purpose the latest counts: that of the latest day for which the value "
    "holds (as_of), of several of that day the last in the log"
)

VALUATIONS = View(
    "valuations",
    f"one row a valuation completed up to the day. {_LATEST}; every other one is superseded by the next. mid is the "
    "value, low and high its range as said; null where not said. An appraised value is neither a debt nor a loan "
    "(GB/T 42748-2023 names its uses; methods after IVS 210: cost, market, income)",
    (
        Column("subject", "text", "what was valued, such as a canonical patent id"),
        Column("valuation_id", "text", "the valuation"),
        *_VALUED_AS,
        Column("method", "text", "`cost`, `market`, `income`, `ai_model`, `mixed` or `other`"),
        Column("model_id", "text", "the model of a valuation by `ai_model`"),
        Column("model_version", "text", "its version"),
        Column("appraiser", "text", "name of the appraiser; null where not said"),
        Column("region", REGION_UNIT, "region said with the valuation; null where not said"),
        Column("right", "text", "kind of right; null where not said"),
        _INDUSTRY,
        Column("completed_on", "date", "business date of the valuation"),
        Column("as_of", "date", "the day for which the value holds"),
        CURRENCY,
        *money_columns("low", "lower end"),
        *money_columns("mid", "the value"),
        *money_columns("high", "upper end"),
        Column("superseded_by", "text", "the valuation that came next; null for the one that counts"),
    ),
    f"""WITH {VALUED}
SELECT subject, valuation_id, purpose, platform, method, model_id, model_version, appraiser, region,
  {named("right", '"right"')} AS "right", i.code AS industry, {day("day")} AS completed_on, {day("as_of")} AS as_of,
  c.code AS currency, {money("low")}, {money("mid")}, {money("high")}, superseded_by
FROM (
  SELECT *, {halves("low", "low")}, {halves("mid", "mid")}, {halves("high", "high")} FROM valuation
) AS v JOIN industry AS i ON i.number = v.industry JOIN currency AS c ON c.number = v.currency
ORDER BY subject, purpose, v.as_of, "offset" """,
)

_FLOW_KEY = (*_VALUED_AS, _INDUSTRY, Column("year", "year", "in which the valuation was completed"))

VALUATION_FLOW = View(
    "valuation_flow",
    f"sum of mid of the valuations that count, as of the day, by the year in which they were completed. {_LATEST}. So "
    "a later valuation takes an earlier one out of its year, a closed year too; with --as-of the last day of a year "
    "it shows what counted then. Appraised values of two currencies are never added up: `valuation_converted` does "
    "that approximately",
    (
        *_FLOW_KEY,
        CURRENCY,
        Column("valuations", "count", "valuations that count"),
        *money_columns("amount", "exact sum of their mid values"),
    ),
    f"""WITH {VALUED}
SELECT purpose, platform, i.code AS industry, year, c.code AS currency, valuations, {money("amount")}
FROM (
  SELECT purpose, platform, industry, day / 10000 AS year, currency, count(*) AS valuations, {added("amount", "mid")}
  FROM valuation WHERE superseded_by IS NULL GROUP BY 1, 2, 3, 4, 5
) AS v JOIN industry AS i ON i.number = v.industry JOIN currency AS c ON c.number = v.currency
ORDER BY year, purpose, platform, i.number, c.code""",
)

RATES = f"""
target(target) AS (VALUES ('CNY'), ('USD')),
quoted AS MATERIALIZED (
  SELECT facts ->> '$.rate_source' AS source, day, facts ->> '$.base' AS base, facts ->> '$.quote' AS quote,
    CAST(facts ->> '$.rate' AS REAL) AS rate, max("offset")
  FROM {statements("reference.fx_rate")} WHERE day <= :as_of GROUP BY 1, 2, 3, 4
),
leg AS MATERIALIZED (
  SELECT source, day, base AS sold, quote AS bought, rate AS factor, 'a' AS way FROM quoted
  UNION ALL SELECT source, day, quote, base, 1 / rate, 'b' FROM quoted
),
fx AS MATERIALIZED (
  SELECT source, sold, bought, day, factor, min(way) FROM (
    SELECT source, sold, bought, day, factor, way FROM leg JOIN target ON bought = target
    UNION ALL
    SELECT one.source, one.sold, two.bought, one.day, one.factor * two.factor, 'c' || one.bought
    FROM leg AS one JOIN leg AS two ON two.source = one.source AND two.day = one.day AND two.sold = one.bought
    JOIN target ON two.bought = target
    WHERE one.sold IN (SELECT code FROM needed) AND one.sold != two.bought
  ) GROUP BY source, sold, bought, day
),
moment AS (
  SELECT source, sold, bought, day, day AS rate_day FROM fx
  UNION ALL
  SELECT source, sold, bought, as_of, NULL FROM needed JOIN (
    SELECT source, sold, bought FROM fx GROUP BY source, sold, bought
  ) ON sold = code
),
last_rate AS MATERIALIZED (
  SELECT source, sold, bought, day, max(rate_day) OVER (PARTITION BY source, sold, bought ORDER BY day) AS rate_day
  FROM moment
)"""
"""Common table expressions that follow `needed` (code, as_of): `fx`, the factors from each needed currency to each
target by source and day; `last_rate`, the last day with one up to each needed day."""

VALUATION_CONVERTED = View(
    "valuation_converted",
    "`valuation_flow` in yuan and in dollars, approximately: sum of mid x fx(as_of of the valuation, source), the rate "
    "of the last business day of the source up to that day (weekends and holidays have none). Where the source has "
    "no rate from the currency to the target on that day, its inverse counts, else two of its rates of the same day "
    "crossed (for the ECB, whose base is always the euro: CNY/USD = CNY/EUR / (USD/EUR)). A row each source of rates "
    "in the book: rows of two sources or two targets are the same money, never to be added. Null where no valuation "
    "has a rate; with_rate says how many have one, and only their values are in the sum. The target's own currency "
    "has factor 1 and no rate day. Exact: amount, in the currency as said; approximate: converted, a floating-point "
    "number. As of a day, rates of later days are not used",
    (
        *_FLOW_KEY,
        CURRENCY,
        Column("valuations", "count", "valuations that count"),
        *money_columns("amount", "exact sum of their mid values in their currency"),
        Column("target", "ISO 4217 code", "into what is converted: CNY or USD"),
        Column("rate_source", "text", "who published the rates, such as ECB; null where the book has no rates"),
        Column("with_rate", "count", "how many of the valuations could be converted"),
        Column("converted", "approximate", "their sum in the target currency (in units, not in minor units)"),
        Column("first_rate_day", "date", "the first day of the rates used"),
        Column("last_rate_day", "date", "the last day of the rates used"),
        Column("oldest_rate_days", "days", "at most so many days a rate is older than its valuation's as_of"),
    ),
    f"""WITH {VALUED},
counted AS MATERIALIZED (
  SELECT v.*, c.code, CAST('1' || substr('0000', 1, decimals) AS REAL) AS unit
  FROM valuation AS v JOIN currency AS c ON c.number = v.currency WHERE superseded_by IS NULL GROUP BY subject, purpose
),
needed AS MATERIALIZED (SELECT code, as_of FROM counted GROUP BY code, as_of),{RATES},
priced AS MATERIALIZED (
  SELECT needed.code, needed.as_of, target, s.source, iif(needed.code = target, NULL, rate_day) AS rate_day,
    iif(needed.code = target, 1.0, factor) AS factor
  FROM needed CROSS JOIN target CROSS JOIN (
    SELECT source FROM quoted GROUP BY source UNION ALL SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM quoted)
  ) AS s
  LEFT JOIN (SELECT * FROM last_rate GROUP BY source, sold, bought, day) AS r
    ON r.source = s.source AND r.sold = needed.code AND r.bought = target AND r.day = needed.as_of
  LEFT JOIN (SELECT * FROM fx GROUP BY source, sold, bought, day) AS f
    ON f.source = s.source AND f.sold = needed.code AND f.bought = target AND f.day = rate_day
  GROUP BY 1, 2, 3, 4
)
SELECT purpose, platform, i.code AS industry, year, c.code AS currency, valuations, {money("amount")}, target,
  rate_source, with_rate, converted, {day("first_day")} AS first_rate_day, {day("last_day")} AS last_rate_day,
  oldest AS oldest_rate_days
FROM (
  SELECT purpose, platform, industry, v.day / 10000 AS year, currency, count(*) AS valuations,
    {added("amount", "mid")}, target, source AS rate_source, count(factor) AS with_rate,
    sum(mid * factor / unit) AS converted, min(rate_day) AS first_day, max(rate_day) AS last_day,
    max({days_between("rate_day", "v.as_of")}) AS oldest
  FROM counted AS v JOIN priced AS p ON p.code = v.code AND p.as_of = v.as_of GROUP BY 1, 2, 3, 4, 5, target, source
) AS v JOIN industry AS i ON i.number = v.industry JOIN currency AS c ON c.number = v.currency
ORDER BY year, purpose, platform, i.number, c.code, target, rate_source""",
)


# ---- loans, and what is lent upon what value

LOANS = f"""
paid AS MATERIALIZED (
  SELECT subject, family, "offset", day, facts ->> '$.amount[0]' AS currency, facts ->> '$.amount[1]' AS minor, facts
  FROM {statements("loan.disbursed", "loan.repaid", "loan.compensated")} WHERE day <= :as_of
),
loan AS MATERIALIZED (
  SELECT subject, currency, min(iif(family = {DISBURSED}, day, NULL)) AS disbursed_on,
    {added("disbursed", f"iif(family = {DISBURSED}, minor, 0)")},
    {added("repaid", f"iif(family = {REPAID}, minor, 0)")},
    {added("compensated", f"iif(family = {COMPENSATED}, minor, 0)")},
    {added("outstanding", f"iif(family = {DISBURSED}, minor, -minor)")}
  FROM paid GROUP BY subject, currency
)"""
"""Common table expressions: `paid`, the payments up to `:as_of`; `loan`, one row each deal and currency."""


def _disbursed(column: str, which: str) -> str:
    """SQL: what the first (min) or last (max) payment to a deal that says a field says: (subject, column)."""
    return f"""(
  SELECT subject, facts ->> '$.{column}' AS {column}, {which}("offset") FROM paid
  WHERE family = {DISBURSED} AND facts ->> '$.{column}' IS NOT NULL GROUP BY subject
)"""


# A threshold's decimal text in minor units; what is finer is cut off, which changes no comparison with <=.
_POINT = "instr(value || '.', '.')"
_THRESHOLD = f"""CAST(substr(value, 1, {_POINT} - 1)
    || substr(substr(value, {_POINT} + 1) || '0000', 1, decimals) AS INTEGER)"""

_PLACES_AND_DAYS = """
  SELECT coalesce(region, '') AS region, 0 AS "right", code AS currency, disbursed_on AS on_day
  FROM dated GROUP BY 1, 3, 4"""

LOANS_VIEW = View(
    "loans",
    "one row a deal and currency, as of the day: outstanding = disbursed - repaid - compensated (what guarantors, "
    "insurers and risk funds paid for the borrower no longer stands with the lender). Due date and rate are those of "
    "the last payment to the borrower that says one, the region that of the first. overdue_days = day - due_on while "
    "anything is outstanding, else 0; null where no due date was said. inclusive = the disbursed sum is at most the "
    "policy `inclusive_loan` in force on the day of the first payment: the threshold is dated (10 m yuan was raised "
    f"to 20 m), so each loan is held against the one of its time, in its currency; {MOST_SPECIFIC}; null where none "
    "was in force, or the deal has several currencies",
    (
        Column("deal", "text", "deal id"),
        Column("region", REGION_UNIT, "of the borrower; null where not said"),
        CURRENCY,
        Column("disbursed_on", "date", "the first payment to the borrower; null where none was in this currency"),
        *money_columns("disbursed", "sum of the payments to the borrower"),
        *money_columns("repaid", "sum of the principal paid back"),
        *money_columns("compensated", "sum of what others paid for the borrower"),
        *money_columns("outstanding", "disbursed - repaid - compensated"),
        Column("rate_bp", "basis points", "interest a year; null where not said"),
        Column("due_on", "date", "when the loan is due; null where not said"),
        Column("overdue_days", "days", "for how long something has been outstanding after that"),
        Column("threshold", "decimal", "the largest inclusive loan by policy, in units of the currency"),
        Column("inclusive", "0 or 1", "whether the loan is an inclusive one"),
    ),
    f"""WITH {POLICIES},{LOANS},
dated AS MATERIALIZED (
  SELECT loan.*, code, decimals, r.region, rate_bp, due_on, count(*) OVER (PARTITION BY loan.subject) = 1 AS alone
  FROM loan JOIN currency ON number = loan.currency
  LEFT JOIN {_disbursed("region", "min")} AS r ON r.subject = loan.subject
  LEFT JOIN {_disbursed("rate_bp", "max")} AS b ON b.subject = loan.subject
  LEFT JOIN {_disbursed("due_on", "max")} AS d ON d.subject = loan.subject
)
SELECT l.subject AS deal, l.region, code AS currency, {day("disbursed_on")} AS disbursed_on, {money("disbursed")},
  {money("repaid")}, {money("compensated")}, {money("outstanding")}, rate_bp, {day("due_on")} AS due_on,
  CASE WHEN due_on IS NULL THEN NULL
    WHEN due_on < :as_of AND (outstanding_high, outstanding_low) > (0, 0) THEN {days_between("due_on", ":as_of")}
    ELSE 0 END AS overdue_days, value AS threshold,
  iif(alone, (disbursed_high, disbursed_low) <= ({_THRESHOLD} / {LOW}, {_THRESHOLD} % {LOW}), NULL) AS inclusive
FROM dated AS l LEFT JOIN {policy_for("inclusive_loan", _PLACES_AND_DAYS)} AS p
  ON p.region = coalesce(l.region, '') AND p.currency = code AND p.on_day = l.disbursed_on
ORDER BY deal, code""",
)

_PLACES_AND_RIGHTS = """SELECT region, "right", '' AS currency, :as_of AS on_day FROM secures GROUP BY 1, 2"""

LTV = View(
    "ltv",
    "one row a pledge in force on the day: ltv = secured / sum of the appraised values of the assets still in it; "
    "loan_ltv = outstanding of the loan of its deal / sum of the appraised values of all pledges in force of that "
    "deal (a deal may pool patents, trademarks and copyrights in several registrations). Null unless all assets are "
    "appraised, in one currency, that of the debt or loan, and their sum is not 0: what is not appraised is not "
    "worth 0. The cap is the policy `ltv_cap` in force on the day, for the right and the pledge's region; "
    f"{MOST_SPECIFIC}; over assets of several rights the lowest cap. Banks lend at most a part of the appraised "
    "value, such as 0.25 on inventions and 0.15 on utility models (Bank of Communications, Beijing, 2006): a ratio "
    "of exactly the cap is no breach",
    (
        Column("pledge", "text", "pledge id"),
        Column("registration_no", "text", "number of the registration"),
        Column("deal", "text", "deal id; null where not said"),
        Column("region", REGION_UNIT, "of the first pledgor; null where not said"),
        Column("right", "text", "kind of right; `mixed` where assets differ"),
        Column("assets", "count", "assets still in the pledge"),
        Column("appraised_assets", "count", "how many of them were appraised"),
        Column("currency", "ISO 4217 code", "of the secured debt; null where undisclosed"),
        *money_columns("secured", "registered debt after the last change; null where undisclosed"),
        Column("appraised_currency", "ISO 4217 code", "of the appraised values; null where they have several"),
        *money_columns("appraised", "sum of the appraised values; null where they are not all said in one currency"),
        Column("loan_currency", "ISO 4217 code", "of the loan; null where there is none, or it has several"),
        *money_columns("outstanding", "what is outstanding of the deal's loan; null where that has no currency"),
        Column("ltv", "ratio", "secured / appraised"),
        Column("loan_ltv", "ratio", "outstanding / appraised, over the deal"),
        Column("ltv_cap", "decimal", "the policy's highest ratio; null where no policy is in force"),
        Column("breach", "0 or 1", "whether ltv is above the cap; null where either is"),
        Column("loan_breach", "0 or 1", "whether loan_ltv is above the cap; null where either is"),
    ),
    f"""WITH {PLEDGES},{POLICIES},{LOANS},
held AS MATERIALIZED (
  SELECT subject, count(*) AS assets, count(appraised) AS appraised_assets, min("right") AS first_right,
    max("right") AS last_right, min(currency) AS currency, count(*) = count(appraised) AND min(currency) = max(currency)
      AS whole, {added("appraised", "appraised")}
  FROM pledged WHERE released_on IS NULL AND cancelled_on IS NULL GROUP BY subject
),
pool AS MATERIALIZED (
  SELECT p.subject, registration_no, deal_id, coalesce(region, '') AS region, p.currency, p.minor, assets,
    appraised_assets, iif(first_right = last_right, first_right, {MIXED}) AS "right",
    iif(whole, h.currency, NULL) AS appraised_currency, iif(whole, appraised_high, NULL) AS appraised_high,
    iif(whole, appraised_low, NULL) AS appraised_low
  FROM held AS h JOIN pledge AS p ON p.subject = h.subject
),
shared AS MATERIALIZED (
  SELECT *, iif(count(*) OVER deal = count(appraised_currency) OVER deal
      AND min(appraised_currency) OVER deal = max(appraised_currency) OVER deal, appraised_currency, NULL)
      AS deal_currency,
    sum(appraised_high) OVER deal + sum(appraised_low) OVER deal / {LOW} AS deal_high,
    sum(appraised_low) OVER deal % {LOW} AS deal_low
  FROM pool WINDOW deal AS (PARTITION BY deal_id)
),
debt AS MATERIALIZED (
  SELECT subject, currency, outstanding_high, outstanding_low FROM loan GROUP BY subject HAVING count(*) = 1
),
secures AS MATERIALIZED (
  SELECT subject, coalesce(region, '') AS region, "right"
  FROM pledged WHERE released_on IS NULL AND cancelled_on IS NULL GROUP BY 1, 2, 3
),
cap AS MATERIALIZED (
  SELECT subject, value AS cap, min(CAST(value AS REAL))
  FROM secures JOIN {policy_for("ltv_cap", _PLACES_AND_RIGHTS)} AS p
    ON p.region = secures.region AND p."right" = secures."right"
  GROUP BY subject
),
lent AS (
  SELECT p.*, {halves("secured", "minor")}, debt.currency AS loan_currency, outstanding_high, outstanding_low, cap,
    iif(p.currency = p.appraised_currency, minor / nullif({real("p.appraised")}, 0), NULL) AS ltv,
    iif(debt.currency = deal_currency, {real("outstanding")} / nullif({real("deal")}, 0), NULL) AS loan_ltv
  FROM shared AS p LEFT JOIN debt ON debt.subject = p.deal_id
  LEFT JOIN cap ON cap.subject = p.subject
)
SELECT subject AS pledge, registration_no, deal_id AS deal, nullif(region, '') AS region,
  {named("right", '"right"')} AS "right", assets, appraised_assets,
  s.code AS currency, {money("secured", "s.decimals")},
  a.code AS appraised_currency, {money("appraised", "a.decimals")},
  o.code AS loan_currency, {money("outstanding", "o.decimals")},
  ltv, loan_ltv, cap AS ltv_cap, ltv > CAST(cap AS REAL) AS breach, loan_ltv > CAST(cap AS REAL) AS loan_breach
FROM lent LEFT JOIN currency AS s ON s.number = lent.currency
LEFT JOIN currency AS a ON a.number = appraised_currency LEFT JOIN currency AS o ON o.number = loan_currency
ORDER BY pledge""",
)

VIEWS = (VALUATIONS, VALUATION_FLOW, VALUATION_CONVERTED, LOANS_VIEW, LTV)
