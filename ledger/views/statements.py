"""Statements: the accepted originals that have effect on a basis, each with the facts that it has there.

Every view of entities stands on them. What an entity is on a day is what its statements dated up to that day say;
where several say the same thing otherwise, the last in the log counts. All SQL here is of our own constants.

Whatever is joined here is grouped by what it is joined on, even where that changes nothing: without statistics SQLite
takes what is not grouped (DISTINCT, too) for a few rows, and walks through all of it for each row of the other side.

A common table expression is named as seldom as can be: SQLite unfolds it anew at each name, and since 3.54 refuses a
statement that unfolds to 1,000 tables ("nested too deep").
"""

from __future__ import annotations

from ledger.views.view import shifted, statement
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS


def statements(*stems: str) -> str:
    """SQL: the statements of these types (`pledge.registered`), all of one topic, with columns topic, partition,
    offset, family, source, subject, day (YYYYMMDD) and facts (JSON)."""
    types = [EVENT_TYPES[f"ip.{stem}.v1"] for stem in stems]
    (topic,) = {TOPICS[event_type.topic].number for event_type in types}
    families = ", ".join(str(event_type.number) for event_type in types)
    return f"(SELECT * FROM (\n{statement('statement')}) WHERE topic = {topic} AND family IN ({families}))"


def last(column: str, path: str, *stems: str) -> str:
    """SQL: for each subject, what its last such statement dated up to `:as_of` says at a path: (subject, column)."""
    return f"""(
  SELECT subject, {path} AS {column}, max("offset") FROM {statements(*stems)}
  WHERE day <= :as_of AND {path} IS NOT NULL GROUP BY subject
)"""


def placed(table: str) -> str:
    """SQL: the rows of a table once for each `place` where they count: their `region` ('' where it is not said), that
    region's country, ALL."""
    return f"""(
  SELECT CASE step WHEN 0 THEN coalesce(region, '') WHEN 1 THEN substr(region, 1, 2) ELSE 'ALL' END AS place, t.*
  FROM {table} AS t CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
  WHERE step != 1 OR length(region) > 2
)"""


POOLED = f"""(
  SELECT subject, day, facts -> '$.assets' AS assets FROM {statements("pledge.registered")}
  UNION ALL SELECT subject, day, facts -> '$.added' FROM {statements("pledge.modified")}
)"""
"""SQL: what was put into pools, at first or later: subject, day (YYYYMMDD), assets (JSON, null where none)."""

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
  SELECT subject, value AS id, "offset" AS at, min(day) AS day
  FROM {statements("pledge.modified")}, json_each(facts, '$.released') WHERE day <= :as_of GROUP BY subject, value, at
),
joined AS MATERIALIZED (
  SELECT subject, id, place, asset, released_on, min((released_on IS NOT NULL) << 62 | place) FROM (
    SELECT a.subject, asset.value ->> '$.id' AS id, a."offset" << 13 | asset.key AS place, asset.value AS asset,
      min(r.day) AS released_on -- what is said later in the log holds on all its days
    FROM {statements("pledge.modified")} AS a, json_each(facts, '$.added') AS asset
    LEFT JOIN released AS r ON r.subject = a.subject AND r.id = asset.value ->> '$.id' AND r.at > a."offset"
    WHERE a.day <= :as_of GROUP BY a.subject, place
  ) GROUP BY subject, id
),
pooled AS (
  SELECT p.subject, -1 << 13 | asset.key AS place, asset.value AS asset, r.released_on
  FROM {statements("pledge.registered")} AS p, json_each(facts, '$.assets') AS asset
  LEFT JOIN (SELECT subject, id, min(day) AS released_on FROM released GROUP BY subject, id) AS r
    ON r.subject = p.subject AND r.id = asset.value ->> '$.id'
  LEFT JOIN joined AS j ON j.subject = r.subject AND j.id = r.id
  WHERE j.id IS NULL OR j.released_on IS NOT NULL
  UNION ALL
  SELECT j.subject, place, asset, released_on
  FROM joined AS j
  JOIN (SELECT subject, facts FROM {statements("pledge.registered")} GROUP BY subject) AS p ON p.subject = j.subject
  WHERE NOT EXISTS (
    SELECT 1 FROM json_each(facts, '$.assets') AS asset
    WHERE asset.value ->> '$.id' = j.id AND (j.released_on IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM released AS r WHERE r.subject = j.subject AND r.id = j.id
    ))
  )
),
pledged AS MATERIALIZED (
  SELECT pledge.subject, registered_on, cancelled_on, defaulted_on, realised_on, released_on, region, place,
    CAST(asset ->> '$.id' AS TEXT) AS id, -- JSON has no affinity, and SQLite would not look it up by a subject
    asset ->> '$.right' AS "right", asset ->> '$.industry' AS industry,
    asset ->> '$.appraised[0]' AS currency, asset ->> '$.appraised[1]' AS appraised
  FROM pledge JOIN pooled ON pooled.subject = pledge.subject
)"""
"""Common table expressions: `pledge`, one row each pledge registered up to `:as_of`, as it is on that day (in force
where cancelled_on is null); `pledged`, one row each of its assets, those that joined it later too (in it where
released_on is null), in the order of `place`; currencies are ISO 4217 numbers, money is in minor units."""


def _after(column: str, years: str, more: str = "+1 day") -> str:
    """SQL: the first day after so many years from a day, YYYYMMDD; with `+0 days` the day itself is the first one."""
    return shifted(column, f"{years}, '{more}'")


TERM = f"""CASE office || "right"
    WHEN 'CN1' THEN {_after("filed_on", "'+20 years'", "+0 days")}
    WHEN 'CN2' THEN {_after("filed_on", "'+10 years'", "+0 days")}
    WHEN 'CN3' THEN {_after("filed_on", "iif(filed_on < 20210601, '+10 years', '+15 years')", "+0 days")}
    WHEN 'US3' THEN CASE
      WHEN filed_on >= 20150513 THEN {_after("granted_on", "'+15 years'")}
      WHEN coalesce(filed_on, granted_on) < 20150513 THEN {_after("granted_on", "'+14 years'")} END
    ELSE CASE
      WHEN office = 'US' AND "right" IN (1, 4) AND granted_on < 19780608 THEN {_after("granted_on", "'+17 years'")}
      WHEN office = 'US' AND "right" IN (1, 4) AND filed_on < 19950608
        THEN max({_after("filed_on", "'+20 years'")}, {_after("granted_on", "'+17 years'")})
      WHEN "right" = 1 OR office = 'US' AND "right" = 4 THEN {_after("filed_on", "'+20 years'")}
      WHEN "right" = 2 AND office IN ('JP', 'KR', 'TW') THEN {_after("filed_on", "'+10 years'")} END END"""
"""SQL: the first day after a patent's term, YYYYMMDD; null where it is not known, and then only what was said ends it.

China, where the filing date is the first day of the term: 20, 10 and 15 years (Patent Law 2020 Art. 42; Guidelines for
Patent Examination V.9 2.1), designs filed before 2021-06-01 10 (CNIPA Announcement 423 of 2021, Art. 10). US: 20 years
from filing (35 U.S.C. 154(a)(2)), of applications before 1995-06-08 or 17 from grant if that is longer (154(c)(1); 17
alone where it had ended by then), designs 15 from grant, 14 if filed before 2015-05-13 (173). Elsewhere inventions 20
from filing (TRIPS Art. 33; EPC Art. 63); utility models 10 in JP (Utility Model Act Art. 15), KR (Utility Model Act
Art. 22) and TW (Patent Act Art. 114). Terms of other utility models, designs and plant varieties differ by office and
by renewals; a US continuation's counts from the application that it continues: those are for `term_adjusted` to say."""

PATENTS = f"""
patent AS MATERIALIZED (
  SELECT subject, granted_on, filed_on, region, "right", industry, office, family_id,
    coalesce(adjusted_to, {TERM}) AS term_end, ended_on, facts
  FROM (
    SELECT g.subject, g.day AS granted_on,
      coalesce(g.facts ->> '$.filed_on', f.day, p.facts ->> '$.filed_on') AS filed_on,
      g.facts ->> '$.region' AS region, g.facts ->> '$.right' AS "right", g.facts ->> '$.industry' AS industry,
      g.facts ->> '$.office' AS office,
      coalesce(g.facts ->> '$.family_id', p.facts ->> '$.family_id', f.facts ->> '$.family_id') AS family_id,
      {_after("a.expires_on", "'+0 years'")} AS adjusted_to, e.ended_on, g.facts
    FROM {statements("patent.granted")} AS g
    LEFT JOIN (
      SELECT subject, day, facts FROM {statements("patent.filed")} WHERE day <= :as_of GROUP BY subject
    ) AS f ON f.subject = g.subject
    LEFT JOIN (
      SELECT subject, facts FROM {statements("patent.published")} WHERE day <= :as_of GROUP BY subject
    ) AS p ON p.subject = g.subject
    LEFT JOIN {last("expires_on", "facts ->> '$.expires_on'", "patent.term_adjusted")} AS a ON a.subject = g.subject
    LEFT JOIN (
      SELECT subject, min(day) AS ended_on FROM {statements("patent.ceased", "patent.invalidated")}
      WHERE day <= :as_of AND coalesce(facts ->> '$.extent', 'full') = 'full' GROUP BY subject
    ) AS e ON e.subject = g.subject
    WHERE g.day <= :as_of
  )
),
patent_in_force AS MATERIALIZED (
  SELECT * FROM patent WHERE ended_on IS NULL AND (term_end IS NULL OR term_end > :as_of)
)"""
"""Common table expressions: `patent`, one row each patent granted up to `:as_of`; `patent_in_force`, those that on that
day have not ceased (a cessation that was restored never was), are not invalid, and whose term has not ended. Days are
YYYYMMDD, `term_end` is the first day after the term, `ended_on` the first day of a cessation or full invalidation."""
