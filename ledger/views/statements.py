"""Statements: the accepted originals that have effect on a basis, each with the facts that it has there.

Every view of entities stands on them. What an entity is on a day is what its statements dated up to that day say;
where several say the same thing otherwise, the last in the log counts. All SQL here is of our own constants.
"""

from __future__ import annotations

from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS


def statements(*stems: str) -> str:
    """SQL: the statements of these types (`pledge.registered`), all of one topic, with columns topic, partition,
    offset, family, source, subject, day (YYYYMMDD) and facts (JSON)."""
    types = [EVENT_TYPES[f"ip.{stem}.v1"] for stem in stems]
    (topic,) = {TOPICS[event_type.topic].number for event_type in types}
    return f"""(
  SELECT r.topic, r.partition, r."offset", r.type AS family, r.source, r.subject,
    iif(a.facts IS NULL, r.facts, a.facts) ->> '$.occurred_on' AS day, iif(a.facts IS NULL, r.facts, a.facts) AS facts
  FROM record AS r LEFT JOIN amendment AS a
    ON @basis = 2 AND a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset"
  WHERE r.topic = {topic} AND r.outcome = 1 AND r.type IN ({", ".join(str(t.number) for t in types)})
    AND (a."offset" IS NULL OR a.facts IS NOT NULL)
    AND NOT EXISTS (
      SELECT 1 FROM waiting AS w
      WHERE w.topic = r.topic AND w.partition = r.partition AND w."offset" = r."offset" AND w.basis = @basis
    )
)"""


def last(column: str, path: str, *stems: str, where: str = "true") -> str:
    """SQL: for each subject, what its last such statement dated up to `:as_of` says at a path: (subject, column)."""
    return f"""(
  SELECT subject, {path} AS {column}, max("offset") FROM {statements(*stems)}
  WHERE day <= :as_of AND {path} IS NOT NULL AND {where} GROUP BY subject
)"""


PLEDGES = f"""
pledge AS MATERIALIZED (
  SELECT r.subject, r.source, r.day AS registered_on, r.facts ->> '$.region' AS region,
    r.facts ->> '$.registration_no' AS registration_no, r.facts ->> '$.deal_id' AS deal_id,
    r.facts ->> '$.amount_status' AS amount_status,
    iif(s.minor IS NULL, r.facts ->> '$.secured[0]', s.currency) AS currency,
    coalesce(s.minor, r.facts ->> '$.secured[1]') AS minor,
    r.facts ->> '$.debt_from' AS debt_from, coalesce(d.debt_to, r.facts ->> '$.debt_to') AS debt_to,
    c.cancelled_on, f.defaulted_on, x.realised_on, r.facts
  FROM {statements("pledge.registered")} AS r
  LEFT JOIN (
    SELECT subject, facts ->> '$.secured[0]' AS currency, facts ->> '$.secured[1]' AS minor, max("offset")
    FROM {statements("pledge.modified")}
    WHERE day <= :as_of AND facts ->> '$.secured[1]' IS NOT NULL GROUP BY subject
  ) AS s ON s.subject = r.subject
  LEFT JOIN {last("debt_to", "facts ->> '$.debt_to'", "pledge.modified", "pledge.extended")} AS d
    ON d.subject = r.subject
  LEFT JOIN {last("cancelled_on", "day", "pledge.cancelled")} AS c ON c.subject = r.subject
  LEFT JOIN {last("defaulted_on", "day", "pledge.defaulted")} AS f ON f.subject = r.subject
  LEFT JOIN {last("realised_on", "day", "pledge.realised")} AS x ON x.subject = r.subject
  WHERE r.day <= :as_of
),
released AS MATERIALIZED (
  SELECT subject, value AS id, min(day) AS released_on
  FROM {statements("pledge.modified")}, json_each(facts, '$.released') WHERE day <= :as_of GROUP BY subject, value
),
pledged AS MATERIALIZED (
  SELECT pledge.subject, registered_on, cancelled_on, released_on, asset.key AS place, asset.value ->> '$.id' AS id,
    asset.value ->> '$.right' AS "right", asset.value ->> '$.industry' AS industry,
    asset.value ->> '$.appraised[0]' AS currency, asset.value ->> '$.appraised[1]' AS appraised
  FROM pledge, json_each(facts, '$.assets') AS asset
  LEFT JOIN released ON released.subject = pledge.subject AND released.id = asset.value ->> '$.id'
)"""
"""Common table expressions: `pledge`, one row each pledge registered up to `:as_of`, as it is on that day (in force
where cancelled_on is null); `pledged`, one row each of its assets (in it where released_on is null); currencies are
ISO 4217 numbers, money is in minor units."""

TERM = """CASE
    WHEN facts ->> '$.office' = 'US' AND facts ->> '$.right' = 3
      THEN day + iif(filed_on >= 20150513, 150000, 140000)
    WHEN facts ->> '$.right' = 2 THEN filed_on + 100000
    WHEN facts ->> '$.right' = 3 AND facts ->> '$.office' = 'CN' AND filed_on < 20210601 THEN filed_on + 100000
    WHEN facts ->> '$.right' = 3 THEN filed_on + 150000
    ELSE filed_on + 200000 END"""
"""SQL: the first day after a patent's term, as YYYYMMDD (of 29 February it may be a day that no calendar has: it
compares rightly). China: 20, 10 and 15 years from filing, designs filed before 2021-06-01 10 (Patent Law Art. 42); US
designs 15 years from grant, 14 if filed before 2015-05-13 (35 U.S.C. 173). Others 20 from filing (TRIPS Art. 33)."""

PATENTS = f"""
patent AS MATERIALIZED (
  SELECT subject, day AS granted_on, filed_on, region, "right", industry, office, family_id,
    coalesce(adjusted_to, {TERM}) AS term_end, ended_on, facts
  FROM (
    SELECT g.subject, g.day, coalesce(g.facts ->> '$.filed_on', f.day) AS filed_on, g.facts ->> '$.region' AS region,
      g.facts ->> '$.right' AS "right", g.facts ->> '$.industry' AS industry, g.facts ->> '$.office' AS office,
      coalesce(g.facts ->> '$.family_id', p.facts ->> '$.family_id', f.facts ->> '$.family_id') AS family_id,
      a.expires_on + 1 AS adjusted_to, e.ended_on, g.facts
    FROM {statements("patent.granted")} AS g
    LEFT JOIN {statements("patent.filed")} AS f ON f.subject = g.subject
    LEFT JOIN {statements("patent.published")} AS p ON p.subject = g.subject
    LEFT JOIN {last("expires_on", "facts ->> '$.expires_on'", "patent.term_adjusted")} AS a ON a.subject = g.subject
    LEFT JOIN (
      SELECT subject, min(day) AS ended_on FROM {statements("patent.ceased", "patent.invalidated")}
      WHERE day <= :as_of AND coalesce(facts ->> '$.extent', 'full') = 'full' GROUP BY subject
    ) AS e ON e.subject = g.subject
    WHERE g.day <= :as_of
  )
),
patent_in_force AS (
  SELECT * FROM patent WHERE ended_on IS NULL AND (term_end IS NULL OR term_end > :as_of)
)"""
"""Common table expressions: `patent`, one row each patent granted up to `:as_of`; `patent_in_force`, those that on that
day have not ceased (a cessation that was restored never was), are not invalid, and whose term has not ended. Without a
filing date the end of the term is not known, and only what was said ends the patent."""
