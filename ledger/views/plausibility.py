"""Slips that somebody may want to look at: amounts in a wrong unit, days that cannot be, assets that do not fit.

A flag is never a refusal, and it changes no figure.
"""

from __future__ import annotations

from ledger.posting.cells import Kind
from ledger.views.statements import POOLED, statements
from ledger.views.view import Column, View, day, named
from schemas.events import POLICY

WINDOW = 100
"""An amount is held against the median of so many before it."""
LEAST = 5
"""Fewer tell nothing."""
FACTORS = (100, 10_000, 100_000_000)
"""Cent for yuan; 万 (ten thousand), 亿 (a hundred million)."""
NEAR = 3
"""So near to a factor an amount is when it is off by it: half an order of magnitude."""
CN_PATENT_LAW = 19_850_401
"""The first day of the Patent Law of the People's Republic of China: there is no Chinese patent event before."""

_PLACE = 'topic, partition, "offset", subject'
_TEN_TO = "CAST(substr('10000', 1, decimals + 1) AS INTEGER)"
_TOMORROW = "CAST(strftime('%Y%m%d', max(timestamp, 0) / 1000, 'unixepoch', '+1 day') AS INTEGER)"


def _amounts(kind: int, name: str, stem: str) -> str:
    """SQL: the amounts of one kind that are said and are not 0."""
    return f"""SELECT {_PLACE}, day, {kind} AS kind, facts ->> '$.{name}[0]' AS currency,
    facts ->> '$.{name}[1]' AS minor
  FROM {statements(stem)} WHERE facts ->> '$.{name}[1]' > 0"""


def _decimal(column: str) -> str:
    """SQL: minor units as a decimal text with their currency's code."""
    fraction = f"printf('%d.%0*d', {column} / {_TEN_TO}, decimals, {column} % {_TEN_TO})"
    return f"iif(decimals = 0, {column}, {fraction}) || ' ' || code"


_AMOUNTS = "\n  UNION ALL ".join(
    (
        _amounts(Kind.PLEDGES, "secured", "pledge.registered"),
        _amounts(Kind.VALUATIONS, "mid", "valuation.completed"),
        _amounts(Kind.LOAN_DISBURSEMENTS, "amount", "loan.disbursed"),
        _amounts(Kind.LICENCES, "amount", "licence.recorded"),
        _amounts(Kind.ASSIGNMENTS, "price", "assignment.recorded"),
    )
)
# The median of a hundred is looked at by the next hundred; within the first hundred each is held against all before it.
_MEDIANS = f"""
amount AS MATERIALIZED (
  SELECT *, (n - 1) / {WINDOW} AS hundred FROM (
    SELECT *, row_number() OVER (PARTITION BY kind, currency ORDER BY day, partition, "offset") AS n FROM (
      {_AMOUNTS}
    )
  )
),
median AS MATERIALIZED (
  SELECT kind, currency, hundred + 1 AS hundred, minor AS median FROM (
    SELECT *, row_number() OVER (PARTITION BY kind, currency, hundred ORDER BY minor) AS place FROM amount
  ) WHERE place = {WINDOW // 2}
),
early AS MATERIALIZED (
  SELECT kind, currency, n, minor AS median FROM (
    SELECT a.kind, a.currency, a.n, b.minor,
      row_number() OVER (PARTITION BY a.kind, a.currency, a.n ORDER BY b.minor) AS place
    FROM amount AS a JOIN amount AS b ON b.kind = a.kind AND b.currency = a.currency AND b.hundred = 0 AND b.n < a.n
    WHERE a.hundred = 0 AND a.n > {LEAST}
  ) WHERE place = n / 2
),
usual AS (
  SELECT *, 1.0 * max(minor, median) / min(minor, median) AS ratio FROM (
    SELECT amount.*, median FROM amount JOIN median USING (kind, currency, hundred)
    UNION ALL
    SELECT amount.*, median FROM amount JOIN early USING (kind, currency, n)
  )
)"""
_FACTOR = " ".join(f"WHEN ratio BETWEEN {factor / NEAR} AND {factor * NEAR} THEN {factor}" for factor in FACTORS)
_UNIT_SLIPS = f"""SELECT {_PLACE}, 'unit_slip_' || factor AS flag, {_decimal("minor")} AS value,
    {_decimal("median")} AS expected, 'about ' || iif(minor > median, '', '1/') || factor || ' of the median of '
      || {named("kind", "kind")} || ' before' AS explanation
  FROM (SELECT *, CASE {_FACTOR} END AS factor FROM usual) JOIN currency ON number = currency
  WHERE factor IS NOT NULL"""

_FUTURE = f"""SELECT r.topic, r.partition, r."offset", r.subject, 'future', {day("r.occurred_on")}, {day(_TOMORROW)},
    'dated later than the day after the broker took it' AS explanation
  FROM record AS r LEFT JOIN amendment AS a USING (topic, partition, "offset")
  WHERE r.outcome = 1 AND r.occurred_on > {_TOMORROW} AND r.type / 10 != {POLICY // 10}
    AND iif(@basis = 2, a."offset" IS NULL, r.type % 10 = 0)"""
_PATENT_EVENTS = statements(
    *("patent." + stem for stem in ("filed", "published", "granted", "ceased", "invalidated", "restored")),
    *("patent." + stem for stem in ("challenged", "upheld", "preserved", "discharged", "term_adjusted", "fee_paid")),
    *("patent." + stem for stem in ("awarded", "tagged")),
)
_TOO_EARLY = f"""SELECT {_PLACE}, 'before_1985', {day("day")}, '1985-04-01',
    'before the first day of the Chinese Patent Law'
  FROM {_PATENT_EVENTS} WHERE subject LIKE 'CN%' AND day < {CN_PATENT_LAW}
  UNION ALL
  SELECT {_PLACE}, 'before_1985', {day("day")}, '1985-04-01', 'before the first day of the Chinese Patent Law'
  FROM {statements("pledge.registered")} WHERE facts ->> '$.region' LIKE 'CN%' AND day < {CN_PATENT_LAW}"""
_TWICE = f"""SELECT {_PLACE}, 'duplicate_asset', id, NULL, 'named ' || count(*) || ' times in the pool'
  FROM (
    SELECT {_PLACE}, asset.value ->> '$.id' AS id, asset.value ->> '$.right' AS "right"
    FROM {statements("pledge.registered")}, json_each(facts, '$.assets') AS asset
  ) GROUP BY {_PLACE}, id, "right" HAVING count(*) > 1"""
_DEBT_PERIOD = f"""SELECT {_PLACE}, 'debt_period', {day("debt_to")}, {day("begins")},
    'the debt may be performed until before ' || iif(begins > day, 'its period begins', 'the registration')
  FROM (
    SELECT {_PLACE}, day, facts ->> '$.debt_to' AS debt_to, max(day, coalesce(facts ->> '$.debt_from', day)) AS begins
    FROM {statements("pledge.registered")}
  ) WHERE debt_to < begins"""
_RELEASED = f"""SELECT m.topic, m.partition, m."offset", m.subject, 'released_unknown', released.value, NULL,
    'released, and not in the pool'
  FROM {statements("pledge.modified")} AS m, json_each(m.facts, '$.released') AS released LEFT JOIN (
    SELECT subject, asset.value ->> '$.id' AS id FROM {POOLED}, json_each(assets) AS asset GROUP BY 1, 2
  ) AS pool ON pool.subject = m.subject AND pool.id = released.value
  WHERE pool.id IS NULL"""
_PATENT_ORDER = f"""SELECT {_PLACE}, 'granted_before_filing', {day("day")}, {day("filed_on")},
    'granted before it was filed'
  FROM (
    SELECT g.*, coalesce(g.facts ->> '$.filed_on', f.filed_on) AS filed_on
    FROM {statements("patent.granted")} AS g LEFT JOIN (
      SELECT subject, min(day) AS filed_on FROM {statements("patent.filed")} GROUP BY subject
    ) AS f ON f.subject = g.subject
  ) WHERE day < filed_on
  UNION ALL
  SELECT c.topic, c.partition, c."offset", c.subject, 'ceased_before_grant', {day("c.day")}, {day("granted_on")},
    'not in force before it was granted'
  FROM {statements("patent.ceased")} AS c JOIN (
    SELECT subject, min(day) AS granted_on FROM {statements("patent.granted")} GROUP BY subject
  ) AS g ON g.subject = c.subject WHERE c.day < granted_on"""

PLAUSIBILITY = View(
    "plausibility",
    "statements that may be slips; flagged, never refused, and in every figure all the same. "
    "unit_slip_100, _10000, _100000000: an amount (pledges, valuations, loan_disbursements, licences, assignments; one "
    "currency) of about so many times the median before it, or of that part: within a factor of 3 either way. The "
    "amounts of a kind and currency are put in the order of their business dates and parted into hundreds; the median "
    "of a hundred (the 50th by size) is what the next hundred is held against, and within the first hundred it is the "
    "median of all before, from the 6th amount on; amounts that are 0 or not said are left out. "
    "future: dated later than the day after the broker's timestamp (policies may be). "
    "before_1985: a Chinese patent's event, or a pledge in China, before 1985-04-01, the first day of the Patent Law. "
    "duplicate_asset: named twice in the pool of a pledge (those of deals are refused). "
    "debt_period: debt_to before debt_from or before the registration. "
    "released_unknown: a released asset that was never in the pool (a change that says no more is in `unmatched`). "
    "granted_before_filing, ceased_before_grant: days in an order that cannot be",
    (
        Column("topic", "text", "plain name of the topic"),
        Column("partition", "number", "partition of the topic"),
        Column("offset", "number", "offset of the event that was said"),
        Column("subject", "text", "the entity that it is about"),
        Column("flag", "text", "what may be wrong"),
        Column("value", "text", "what was said: an amount with its currency, a date, an id"),
        Column("expected", "text", "what it is held against: a median, the earliest or latest day; null for ids"),
        Column("explanation", "text", "the same in words"),
    ),
    f"""WITH {_MEDIANS}
SELECT {named("topic", "topic")} AS topic, partition, "offset", subject, flag, value, expected, explanation
FROM (
  {_UNIT_SLIPS}
  UNION ALL {_FUTURE}
  UNION ALL {_TOO_EARLY}
  UNION ALL {_TWICE}
  UNION ALL {_DEBT_PERIOD}
  UNION ALL {_RELEASED}
  UNION ALL {_PATENT_ORDER}
)
ORDER BY topic, partition, "offset", flag, value""",
)

VIEWS = (PLAUSIBILITY,)
