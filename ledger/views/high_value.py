"""High-value inventions: the union of CNIPA's five criteria, and how many there are per 10,000 residents."""

from __future__ import annotations

from ledger.views.statements import PATENTS, PLEDGES, placed, statements
from ledger.views.view import Column, View, day

_SINCE = "iif(anchor = 'filing', filed_on, granted_on)"
_MONTHS = f"({_SINCE} / 10000 * 12 + {_SINCE} / 100 % 100 - 1 + CAST(round(years * 12) AS INTEGER))"
# The day on which so many years are full (a fraction of a year is taken to the month), YYYYMMDD: where the month has no
# such day one that no calendar has, but that compares rightly.
_FULL = f"({_MONTHS} / 12 * 10000 + ({_MONTHS} % 12 + 1) * 100 + {_SINCE} % 100)"
# A policy's decimal in minor units of a currency with so many decimals, rounded up; without a float.
_FRACTION = "substr(substr(least, instr(least || '.', '.') + 1) || '000000000000', 1, 12)"
_LEAST = f"""CAST(substr(least, 1, instr(least || '.', '.') - 1) AS INTEGER) * CAST('1' || substr('0000', 1, decimals)
      AS INTEGER) + CAST(substr({_FRACTION}, 1, decimals) AS INTEGER)
      + (CAST(substr({_FRACTION}, decimals + 1) AS INTEGER) > 0)"""

HIGH_VALUE = f"""
invention AS MATERIALIZED (
  SELECT subject, region, office, family_id, filed_on, granted_on
  FROM patent_in_force WHERE "right" = 1
),
counted AS MATERIALIZED (SELECT * FROM {placed("invention")}),
tag AS (
  SELECT subject, facts ->> '$.tag' AS tag FROM {statements("patent.tagged")} WHERE day <= :as_of
  UNION ALL
  SELECT subject, value FROM {statements("patent.granted", "patent.published")}, json_each(facts, '$.tags')
  WHERE day <= :as_of
),
document AS (
  SELECT facts ->> '$.family_id' AS family_id, facts ->> '$.office' AS office, 0 AS granted
  FROM {statements("patent.filed", "patent.published")} WHERE day <= :as_of
  UNION ALL
  SELECT facts ->> '$.family_id', facts ->> '$.office', 1 FROM {statements("patent.granted")} WHERE day <= :as_of
),
family AS MATERIALIZED (
  SELECT family_id, min(office) AS first, max(office) AS last, min(iif(granted, office, NULL)) AS first_granted,
    max(iif(granted, office, NULL)) AS last_granted
  FROM document WHERE family_id IS NOT NULL GROUP BY family_id
),
policy AS MATERIALIZED (
  SELECT facts ->> '$.policy' AS policy, coalesce(facts ->> '$.region', '') AS region, facts ->> '$.value' AS value,
    facts ->> '$.currency' AS currency, facts ->> '$.anchor' AS anchor,
    printf('%d%08d%019d', facts ->> '$.right' IS NOT NULL, day, "offset") AS standing
  FROM {statements("reference.policy")}
  WHERE day <= :as_of AND coalesce(facts ->> '$.valid_to', :as_of) >= :as_of AND coalesce(facts ->> '$.right', 1) = 1
    AND facts ->> '$.policy' IN ('high_value_years', 'high_value_pledge')
),
chosen AS MATERIALIZED (
  SELECT place, policy, value, currency, anchor, max(substr(standing, 1, 1) || length(region) || substr(standing, 2))
  FROM (SELECT DISTINCT place FROM counted) LEFT JOIN policy
    ON region IN ('', place) OR (place != 'ALL' AND region = substr(place, 1, 2))
  GROUP BY place, policy
),
parameter AS MATERIALIZED (
  SELECT place, coalesce(max(iif(policy = 'high_value_years', value, NULL)), '10') AS years,
    coalesce(max(iif(policy = 'high_value_years', anchor, NULL)), 'grant') AS anchor,
    max(iif(policy = 'high_value_pledge', value, NULL)) AS least,
    max(iif(policy = 'high_value_pledge', currency, NULL)) AS least_currency
  FROM chosen GROUP BY place
),
candidate AS MATERIALIZED (SELECT * FROM counted JOIN parameter USING (place)),
raised AS MATERIALIZED (
  SELECT pledged.id AS subject, c.code, c.decimals, max(pledge.minor) AS minor
  FROM pledged JOIN pledge ON pledge.subject = pledged.subject JOIN currency AS c ON c.number = pledge.currency
  GROUP BY pledged.id, c.code
),
financed AS MATERIALIZED (
  SELECT place, subject FROM candidate JOIN raised USING (subject)
  WHERE CASE WHEN least IS NULL THEN minor > 0 ELSE code = least_currency AND minor >= {_LEAST} END
  GROUP BY place, subject
),
judged AS MATERIALIZED (
  SELECT i.*, t.subject IS NOT NULL AS c1, coalesce(first != office OR last != office, 0) AS c2,
    coalesce(first_granted != office OR last_granted != office, 0) AS c2_granted, coalesce({_FULL} < :as_of, 0) AS c3,
    f.subject IS NOT NULL AS c4, a.subject IS NOT NULL AS c5
  FROM candidate AS i
  LEFT JOIN (SELECT subject FROM tag WHERE tag = 'sei' GROUP BY subject) AS t ON t.subject = i.subject
  LEFT JOIN family ON family.family_id = i.family_id
  LEFT JOIN financed AS f ON f.place = i.place AND f.subject = i.subject
  LEFT JOIN (
    SELECT subject FROM {statements("patent.awarded")}
    WHERE day <= :as_of AND facts ->> '$.award' IN ('state_science_technology', 'china_patent') GROUP BY subject
  ) AS a ON a.subject = i.subject
)"""
"""Common table expressions that follow PATENTS and PLEDGES: `judged`, one row each place where an invention in force
counts (`place`: its region or '', that region's country, ALL), with its criteria c1 to c5 (0 or 1) under the parameters
that hold there."""

_REGION = Column("region", "ISO 3166", "a country's takes in its subdivisions'; ALL for the whole; null where not said")
_CRITERIA = (
    Column("c1", "count", "in a strategic emerging industry: tagged `sei` up to the day"),
    Column("c2", "count", "with family members overseas: documents of the family at another office up to the day"),
    Column("c3", "count", "maintained for more than `years`, counted from filing or grant (`years_from`)"),
    Column("c4", "count", "pledged for at least `pledge_least`; where none was set, for any known amount above 0"),
    Column("c5", "count", "with a State Science and Technology Award or a China Patent Award up to the day"),
    Column("c2_granted", "count", "c2 read strictly: a family member was granted at another office up to the day"),
)
_PARAMETERS = (
    Column("years", "years", "of c3: policy `high_value_years`, else 10"),
    Column("years_from", "text", "of c3: `filing` or `grant`; grant where no policy says"),
    Column("pledge_least", "decimal text", "of c4: policy `high_value_pledge`; null where none holds"),
    Column("pledge_currency", "ISO 4217 code", "of pledge_least"),
)
_SUM = "c1 + c2 + c3 + c4 + c5"
_FORMULA = (
    "C1: tagged `sei`, by the grant's or publication's tags or by patent.tagged, never guessed from the IPC. C2: "
    "another document of the same family_id, filed, published or granted up to the day, at another office; CNIPA's "
    "words are family *rights* overseas, which c2_granted counts. C3: the day is after the one on which `years` since "
    "grant or filing are full (not known: no). C4: it was an asset of a pledge registered up to the day, still in "
    "force or not, whose whole secured amount, after its last change up to the day, is known and reaches the "
    "threshold; amounts in other currencies than the threshold's do not. C5: awards up to the day. Parameters are "
    "those of the policies for the row's region valid on the day: one of the right before one of all rights, the "
    "region's own before its country's before general ones, then the one that came into force last, then the last in "
    "the log. Source: CNIPA's definition of high-value invention patents (14th Five-Year Plan, "
    "2021), which sets neither the anchor of the years nor the amount"
)

HIGH_VALUE_COUNTS = View(
    "high_value",
    "inventions in force on the day with C1 or C2 or C3 or C4 or C5: a union, each patent once; beside it how many "
    "meet each criterion, and how many exactly one, two, ... five. " + _FORMULA,
    (
        _REGION,
        Column("in_force", "count", "inventions in force on the day"),
        Column("high_value", "count", "those that meet at least one criterion"),
        Column("share", "ratio", "high_value / in_force"),
        *_CRITERIA,
        *(Column(f"exactly_{n}", "count", f"those that meet exactly {n} of the five criteria") for n in range(1, 6)),
        *_PARAMETERS,
    ),
    f"""WITH {PATENTS},{PLEDGES},{HIGH_VALUE}
SELECT nullif(place, '') AS region, count(*) AS in_force, count(*) FILTER (WHERE {_SUM}) AS high_value,
  1.0 * count(*) FILTER (WHERE {_SUM}) / count(*) AS share, sum(c1) AS c1, sum(c2) AS c2, sum(c3) AS c3, sum(c4) AS c4,
  sum(c5) AS c5, sum(c2_granted) AS c2_granted,
  {", ".join(f"count(*) FILTER (WHERE {_SUM} = {n}) AS exactly_{n}" for n in range(1, 6))},
  years, anchor AS years_from, least AS pledge_least, least_currency AS pledge_currency
FROM judged GROUP BY place ORDER BY place""",
)

HIGH_VALUE_PATENTS = View(
    "high_value_patents",
    "one row an invention in force on the day that meets at least one criterion, under its own region's parameters. "
    + _FORMULA,
    (
        Column("patent", "text", "the patent's id"),
        Column("region", "ISO 3166", "of the first patentee; null where not said"),
        Column("granted_on", "date", "grant date"),
        Column("family_id", "text", "its family; null where not said"),
        Column("criteria", "count", "how many of the five it meets"),
        *(column._replace(unit="0 or 1") for column in _CRITERIA),
        *_PARAMETERS,
    ),
    f"""WITH {PATENTS},{PLEDGES},{HIGH_VALUE}
SELECT subject AS patent, region, {day("granted_on")} AS granted_on, family_id,
  {_SUM} AS criteria, c1, c2, c3, c4, c5, c2_granted, years, anchor AS years_from, least AS pledge_least,
  least_currency AS pledge_currency
FROM judged WHERE place = coalesce(region, '') AND {_SUM} ORDER BY subject""",
)

PER_10K = View(
    "per_10k",
    "count / population x 10,000, of high-value inventions and of all inventions in force on the day (see high_value). "
    "The population is that of the latest year-end (31 December) published up to the day, of several publications of "
    "it the last by date, then in the log: in December 2022 that of the end of 2021. One decimal, half up, from exact "
    "integers; null where the population is 0; no row for a region without a published one",
    (
        Column("region", "ISO 3166", "of the population; a country's takes in its subdivisions' patents"),
        Column("metric", "text", "`high_value` or `in_force`"),
        Column("count", "count", "inventions"),
        Column("population", "persons", "the denominator"),
        Column("population_as_of", "date", "the year-end that was counted"),
        Column("published_on", "date", "when it was published"),
        Column("publisher", "text", "who published it"),
        Column("per_10k", "decimal text", "rounded to one decimal, half up"),
        Column("ratio", "ratio", "the same, not rounded"),
    ),
    f"""WITH {PATENTS},{PLEDGES},{HIGH_VALUE},
counts AS (
  SELECT place, count(*) FILTER (WHERE {_SUM}) AS high_value, count(*) AS in_force FROM judged GROUP BY place
),
population AS (
  SELECT facts ->> '$.region' AS region, facts ->> '$.persons' AS persons, facts ->> '$.as_of' AS year_end,
    day AS published_on, facts ->> '$.publisher' AS publisher, row_number() OVER (
      PARTITION BY facts ->> '$.region' ORDER BY facts ->> '$.as_of' DESC, day DESC, "offset" DESC) AS rank
  FROM {statements("reference.population")}
  WHERE day <= :as_of AND facts ->> '$.as_of' <= :as_of AND facts ->> '$.as_of' % 10000 = 1231
),
figure AS (
  SELECT region, metric, coalesce(iif(metric = 'high_value', high_value, in_force), 0) AS n, persons, year_end,
    published_on, publisher
  FROM population JOIN (SELECT 'high_value' AS metric UNION ALL SELECT 'in_force')
  LEFT JOIN counts ON place = region WHERE rank = 1
)
SELECT region, metric, n AS count, persons AS population, {day("year_end")} AS population_as_of,
  {day("published_on")} AS published_on, publisher,
  iif(persons > 0, printf('%d.%d', (n * 200000 + persons) / (2 * persons) / 10,
    (n * 200000 + persons) / (2 * persons) % 10), NULL) AS per_10k,
  10000.0 * n / nullif(persons, 0) AS ratio
FROM figure ORDER BY region, metric""",
)

VIEWS = (HIGH_VALUE_COUNTS, HIGH_VALUE_PATENTS, PER_10K)
