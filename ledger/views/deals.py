"""Transactions: licences, assignments, open licences; what becomes of what was valued; what comparable rights cost."""

from __future__ import annotations

from ledger.posting.cells import ALL, LOW, RIGHTS, Kind
from ledger.views.finance import CURRENCY
from ledger.views.money import added_up, halves, money, money_columns
from ledger.views.statements import POOLED, statements
from ledger.views.view import Column, View, named
from schemas.events import ASSIGNED, LICENSED, OFFERED
from schemas.topics import TOPICS

_LINES = f"""
line AS MATERIALIZED (
  SELECT r.subject, kind, date, region, industry, currency, sum(events) AS events, sum(with_amount) AS with_amount,
    sum(high) + sum(low) / {LOW} AS amount_high, sum(low) % {LOW} AS amount_low,
    CASE kind WHEN {Kind.LICENCES} THEN {LICENSED} WHEN {Kind.ASSIGNMENTS} THEN {ASSIGNED} ELSE {OFFERED} END AS family
  FROM posting AS p JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
  WHERE p.topic = {TOPICS["ip.deal.v1"].number} AND basis & @basis
  GROUP BY r.subject, kind, date, region, industry, currency HAVING sum(events) != 0
),
contract AS MATERIALIZED (
  SELECT subject, family, facts ->> '$.fee' AS fee, facts ->> '$.conveyance' AS conveyance
  FROM {statements("licence.recorded", "assignment.recorded", "open_licence.declared")} GROUP BY subject, family
)"""
"""Common table expressions: `line`, what each contract contributes to totals, its shares by industry too; `contract`,
what it says of itself."""


def _fees(mode: str) -> str:
    return f"""iif(conveyance IS NULL, coalesce(sum(events) FILTER (WHERE fee = '{mode}'), 0), NULL) AS {mode}"""


_INDUSTRY = Column("industry", "code", "`ALL` for the whole; else the industry's share")

TRANSACTIONS = View(
    "transactions",
    "contracts by the year of their record: licences, assignments, mergers (rights that go over with a firm, apart "
    "from assignments), open licences declared (Patent Law Art. 50) and their acceptances (Art. 51). Changes of name "
    "and what a government is given are no transactions. amount is the sum of what was said to be paid: the fixed "
    "fee of a licence, the price of an assignment, as first recorded (later modifications are no part of it); running "
    "royalties are no amount. The amount of a contract is shared over its assets' industries by appraised value, "
    "else equally; a contract counts once in each industry that it touches, so counts do not add up over industries. "
    "fixed, royalty, free, mixed count licences by how they are paid, an acceptance as its offer (in 2021 China "
    "recorded 2,748 licences at fixed prices, 307 for royalties and 1,216 free ones: a missing amount is seldom 0)",
    (
        Column("kind", "text", "`licences`, `assignments`, `mergers`, `open_licences`, `open_licence_acceptances`"),
        _INDUSTRY,
        Column("year", "year", "of the record"),
        Column("region", "ISO 3166", "of the first licensor, assignor or patentee; null where not said"),
        Column("currency", "ISO 4217 code", "of the amount; null where none was said"),
        Column("contracts", "count", "contracts that touch this row"),
        Column("with_amount", "count", "how many of them had an amount"),
        *money_columns("amount", "exact sum in the currency; null where no amount was said"),
        Column("fixed", "count", "licences for a fixed fee; null for assignments and mergers"),
        Column("royalty", "count", "licences for a running royalty"),
        Column("free", "count", "licences for nothing"),
        Column("mixed", "count", "licences for a fixed fee and a running royalty"),
    ),
    f"""WITH {_LINES}
SELECT iif(merger, 'mergers', {named("kind", "kind")}) AS kind, i.code AS industry, year,
  nullif(region, '') AS region, c.code AS currency, contracts, with_amount, {money("amount")}, fixed, royalty, free,
  mixed
FROM (
  SELECT kind, coalesce(conveyance = 'merger', 0) AS merger, industry, date / 10000 AS year, region, currency,
    sum(events) AS contracts, sum(with_amount) AS with_amount, {added_up("amount")}, {_fees("fixed")},
    {_fees("royalty")}, {_fees("free")}, {_fees("mixed")}
  FROM line JOIN contract ON contract.subject = line.subject AND contract.family = line.family GROUP BY 1, 2, 3, 4, 5, 6
) AS t JOIN industry AS i ON i.number = t.industry LEFT JOIN currency AS c ON c.number = t.currency
ORDER BY year, t.kind, merger, i.number, region, c.code""",
)

# An id out of JSON is cast: only then has it the affinity that lets SQLite join a subject with it by an index.
_USED = f"""
licensed AS (
  SELECT CAST(value ->> '$.id' AS TEXT) AS id, max(day) AS day FROM (
    SELECT day, facts FROM {statements("licence.recorded")} WHERE day <= :as_of
    UNION ALL
    SELECT accepted.day, offered.facts FROM (
      SELECT subject, max(day) AS day FROM {statements("open_licence.accepted")} WHERE day <= :as_of GROUP BY subject
    ) AS accepted JOIN {statements("open_licence.declared")} AS offered ON offered.subject = accepted.subject
  ), json_each(facts, '$.assets') GROUP BY 1
),
assigned AS (
  SELECT CAST(value ->> '$.id' AS TEXT) AS id, max(day) AS day
  FROM {statements("assignment.recorded")}, json_each(facts, '$.assets')
  WHERE day <= :as_of AND facts ->> '$.conveyance' = 'assignment' GROUP BY 1
),
pledged AS (
  SELECT CAST(value ->> '$.id' AS TEXT) AS id, max(day) AS day
  FROM {POOLED}, json_each(assets) WHERE day <= :as_of GROUP BY 1
)"""
_PATENT_RIGHTS = ", ".join(str(RIGHTS[right]) for right in ("invention", "utility_model", "design", "plant"))

CONVERSION = View(
    "conversion",
    "of the patents valued up to the day, by purpose and the year of their first valuation for it: how many were "
    "licensed (a licence recorded, or an open licence of them accepted), assigned (a merger or a change of name is "
    "none) or pledged on or after the day on which that valuation was completed; converted: at least one of the "
    "three. rate = converted / patents. A patent counts once in each purpose, however often it was valued. Counted is "
    "what was valued under an id that the book knows as a patent's, or was said to be a patent right. Later years have "
    "had less time",
    (
        Column("purpose", "text", "what it was valued for: `pledge_financing`, `licence`, `transfer`, ..."),
        Column("year", "year", "in which its first valuation for the purpose was completed"),
        Column("patents", "count", "patents valued"),
        Column("licensed", "count", "how many of them were licensed afterwards"),
        Column("assigned", "count", "how many were assigned afterwards"),
        Column("pledged", "count", "how many were pledged afterwards"),
        Column("converted", "count", "how many were any of these"),
        Column("rate", "ratio", "converted / patents, 0 to 1"),
    ),
    f"""WITH known AS (
  SELECT subject FROM {statements("patent.filed", "patent.published", "patent.granted")}
  WHERE day <= :as_of GROUP BY subject
),
valued AS MATERIALIZED (
  SELECT v.subject, facts ->> '$.purpose' AS purpose, min(day) AS first_day
  FROM {statements("valuation.completed")} AS v LEFT JOIN known ON known.subject = v.subject
  WHERE day <= :as_of AND (known.subject IS NOT NULL OR facts ->> '$.right' IN ({_PATENT_RIGHTS}))
  GROUP BY v.subject, purpose
),{_USED},
fate AS (
  SELECT purpose, first_day / 10000 AS year, coalesce(licensed.day >= first_day, 0) AS licensed,
    coalesce(assigned.day >= first_day, 0) AS assigned, coalesce(pledged.day >= first_day, 0) AS pledged
  FROM valued LEFT JOIN licensed ON licensed.id = subject LEFT JOIN assigned ON assigned.id = subject
  LEFT JOIN pledged ON pledged.id = subject
)
SELECT purpose, year, count(*) AS patents, sum(licensed) AS licensed, sum(assigned) AS assigned,
  sum(pledged) AS pledged, sum(max(licensed, assigned, pledged)) AS converted,
  1.0 * sum(max(licensed, assigned, pledged)) / count(*) AS rate
FROM fate GROUP BY purpose, year ORDER BY purpose, year""",
)

COMPARABLES = View(
    "comparables",
    "what comparable rights cost (the market approach of IVS 210): the fixed fees of licences and the prices of "
    "assignments recorded in the last 3 years up to the day (day - 3 years < record <= day), by industry and "
    "currency; of a contract over several industries each one's share, as in `transactions`. median: of an even "
    "number the mean of the two in the middle, rounded down to a minor unit; quartiles by nearest rank (the smallest "
    "price that a quarter, or three quarters, do not exceed). A price for one patent may follow from nothing here: "
    "pools differ in size, and most licences say no price",
    (
        Column("kind", "text", "`licences` or `assignments` (mergers are none)"),
        Column("industry", "code", "of the assets"),
        CURRENCY,
        Column("contracts", "count", "priced contracts that touch the industry"),
        *money_columns("lower_quartile", "a quarter of the prices are at most this"),
        *money_columns("median", "half of the prices are at most this"),
        *money_columns("upper_quartile", "three quarters of the prices are at most this"),
    ),
    f"""WITH {_LINES},
price AS (
  SELECT kind, industry, currency, amount_high * {LOW} + amount_low AS minor, row_number() OVER same AS place,
    count(*) OVER (PARTITION BY kind, industry, currency) AS contracts
  FROM line JOIN contract ON contract.subject = line.subject AND contract.family = line.family
  WHERE kind IN ({Kind.LICENCES}, {Kind.ASSIGNMENTS}) AND coalesce(conveyance, '') != 'merger' AND with_amount = 1
    AND industry != {ALL} AND date > :as_of - 30000 AND date <= :as_of
  WINDOW same AS (PARTITION BY kind, industry, currency ORDER BY amount_high, amount_low)
)
SELECT {named("kind", "kind")} AS kind, i.code AS industry, c.code AS currency, contracts, {money("lower_quartile")},
  {money("median")}, {money("upper_quartile")}
FROM (
  SELECT kind, industry, currency, contracts, {halves("lower_quartile", "lower")}, {halves("median", "middle")},
    {halves("upper_quartile", "upper")}
  FROM (
    SELECT kind, industry, currency, contracts, max(minor) FILTER (WHERE place = (contracts + 3) / 4) AS lower,
      sum(minor) FILTER (WHERE place IN ((contracts + 1) / 2, contracts / 2 + 1))
        / count(*) FILTER (WHERE place IN ((contracts + 1) / 2, contracts / 2 + 1)) AS middle,
      max(minor) FILTER (WHERE place = (3 * contracts + 3) / 4) AS upper
    FROM price GROUP BY kind, industry, currency
  )
) AS t JOIN industry AS i ON i.number = t.industry JOIN currency AS c ON c.number = t.currency
ORDER BY t.kind, i.number, c.code""",
)

VIEWS = (TRANSACTIONS, CONVERSION, COMPARABLES)
