"""Patents, trademarks and international applications: flows and stocks."""

from __future__ import annotations

from ledger.views.statements import PATENTS, PLEDGES, last, placed, statements
from ledger.views.view import INDUSTRY_NAMES, Column, View, day, named
from schemas.events import CHALLENGED, PRESERVED

_RIGHT = Column("right", "text", "`invention`, `utility_model`, `design` or `plant`")
_OFFICE = Column("office", "WIPO ST.3", "the office that granted")
_REGION = Column("region", "ISO 3166", "of the first patentee at the grant; null where not said")
_INDUSTRY = (
    Column("industry", "code", "industry of the first IPC symbol"),
    *INDUSTRY_NAMES,
)
_IN_FORCE = (
    "granted <= day; not ceased <= day (a restoration, whenever it came, takes the cessation back for all days); not "
    "declared invalid in full <= day (by law it is void from the beginning, but stocks of days before stay as they "
    "were: Patent Law Art. 47); the term not over. Terms: China 20, 10, 15 years from filing for inventions, utility "
    "models, designs (Patent Law Art. 42; designs filed before 2021-06-01: 10); US 20 from filing (35 U.S.C. 154; "
    "applications before 1995-06-08: or 17 from grant, whichever is longer), designs 15 from grant (14 if filed before "
    "2015-05-13; 35 U.S.C. 173); elsewhere inventions 20 from filing (TRIPS Art. 33), utility models 10 in JP, KR, TW; "
    "as adjusted by patent.term_adjusted. A term that is not known (no filing date, other rights elsewhere) ends by "
    "what is said only"
)

_YEAR = Column("year", "year", "of the grant date")

GRANTS = View(
    "grants",
    "patents granted, by the year of the grant date and the region said (the first patentee's): whole counts, each "
    "patent once. As with all grants, patents that ceased or were declared invalid since are counted. Rows add up",
    (_YEAR, _REGION, _OFFICE, _RIGHT, *_INDUSTRY, Column("grants", "count", "patents granted in the year")),
    f"""SELECT year, region, office, {named("right", '"right"')} AS "right", code AS industry, name_en, name_zh, grants
FROM (
  SELECT day / 10000 AS year, facts ->> '$.region' AS region, facts ->> '$.office' AS office,
    facts ->> '$.right' AS "right", facts ->> '$.industry' AS industry, count(*) AS grants
  FROM {statements("patent.granted")} GROUP BY 1, 2, 3, 4, 5
) AS counts JOIN industry AS i ON i.number = counts.industry
ORDER BY year, region, office, counts."right", i.number""",
)

_PARTS = 720720  # of a patent: divisible by 1 to 16; what is left over goes to the applicants named first

GRANTS_FRACTIONAL = View(
    "grants_fractional",
    "patents granted, by the year of the grant date and the applicants' countries. `fractional`: each of a patent's n "
    "applicants stands for 1/n of it in its own country, so that rows add up to the number of patents. `whole`: a "
    "patent counts once in each country that it has applicants in, so that rows do not add up. Source: OECD Patent "
    "Statistics Manual (2009), chapter 4, on whole and fractional counts",
    (
        _YEAR,
        Column("country", "ISO 3166-1", "of applicants; null where it was not said"),
        _OFFICE,
        _RIGHT,
        *_INDUSTRY,
        Column("whole", "count", "patents with an applicant of the country"),
        Column("fractional", "ratio", "sum of the applicants' parts, exact to 1/720720 of a patent"),
    ),
    f"""SELECT year, country, office, {named("right", '"right"')} AS "right", code AS industry, name_en, name_zh, whole,
  1.0 * parts / {_PARTS} AS fractional
FROM (
  SELECT year, country, office, "right", industry, count(*) AS whole, sum(parts) AS parts FROM (
    SELECT g.subject, g.day / 10000 AS year, a.value ->> '$.country' AS country, g.facts ->> '$.office' AS office,
      g.facts ->> '$.right' AS "right", g.facts ->> '$.industry' AS industry,
      sum(coalesce({_PARTS} / n + (a.key < {_PARTS} % n), {_PARTS})) AS parts
    FROM (
      SELECT *, nullif(json_array_length(facts, '$.applicants'), 0) AS n FROM {statements("patent.granted")}
    ) AS g LEFT JOIN json_each(g.facts, '$.applicants') AS a
    GROUP BY g.subject, country
  ) GROUP BY 1, 2, 3, 4, 5
) AS counts JOIN industry AS i ON i.number = counts.industry
ORDER BY year, country, office, counts."right", i.number""",
)

IN_FORCE = View(
    "in_force",
    "patents in force on the day: " + _IN_FORCE + ". Each patent stands in one row; rows add up",
    (_REGION, _OFFICE, _RIGHT, *_INDUSTRY, Column("patents", "count", "patents in force on the day")),
    f"""WITH {PATENTS}
SELECT region, office, {named("right", '"right"')} AS "right", code AS industry, name_en, name_zh, patents
FROM (
  SELECT region, office, "right", industry, count(*) AS patents
  FROM patent_in_force GROUP BY region, office, "right", industry
) AS counts JOIN industry AS i ON i.number = counts.industry
ORDER BY region, office, counts."right", i.number""",
)

PATENT_LIST = View(
    "patents",
    "one row a patent granted up to the day, as it is on that day. In force: " + _IN_FORCE,
    (
        Column("patent", "text", "the patent's id"),
        _REGION,
        _OFFICE,
        _RIGHT,
        Column("industry", "code", "industry of the first IPC symbol"),
        Column("family_id", "text", "the same for all documents of one invention; null where not said"),
        Column("filed_on", "date", "filing date; null where not said"),
        Column("granted_on", "date", "grant date"),
        Column("term_ends_on", "date", "the last day of its term, as adjusted; null where not known"),
        Column("ended_on", "date", "the first day of its cessation or full invalidation, if up to the day"),
        Column("in_force", "0 or 1", "in force on the day"),
        Column("preserved", "0 or 1", "a court preserves it on the day"),
        Column("challenged", "0 or 1", "a request to declare it invalid is open on the day"),
        Column("encumbered", "0 or 1", "an asset of a pledge in force on the day"),
    ),
    f"""WITH {PATENTS},{PLEDGES}
SELECT p.subject AS patent, region, office, {named("right", 'p."right"')} AS "right", i.code AS industry, family_id,
  {day("filed_on")} AS filed_on, {day("granted_on")} AS granted_on, date({day("term_end")}, '-1 day') AS term_ends_on,
  {day("ended_on")} AS ended_on, ended_on IS NULL AND coalesce(term_end > :as_of, 1) AS in_force,
  coalesce(k.preserved, 0) AS preserved, coalesce(c.challenged, 0) AS challenged, e.id IS NOT NULL AS encumbered
FROM patent AS p JOIN industry AS i ON i.number = p.industry
LEFT JOIN (
  SELECT subject, sum(iif(family = {PRESERVED}, 1, -1)) > 0 AS preserved -- they take turns, said in any order
  FROM {statements("patent.preserved", "patent.discharged")} WHERE day <= :as_of GROUP BY subject
) AS k ON k.subject = p.subject
LEFT JOIN (
  SELECT subject, max(day) FILTER (WHERE family = {CHALLENGED})
    > coalesce(max(day) FILTER (WHERE family != {CHALLENGED}), 0) AS challenged
  FROM {statements("patent.challenged", "patent.upheld", "patent.invalidated")} WHERE day <= :as_of GROUP BY subject
) AS c ON c.subject = p.subject
LEFT JOIN (
  SELECT id FROM pledged WHERE released_on IS NULL AND cancelled_on IS NULL GROUP BY id
) AS e ON e.id = p.subject
ORDER BY p.subject""",
)

_PLACE = Column("region", "ISO 3166", "a country's takes in its subdivisions'; ALL for the whole; null where not said")

TRADEMARKS_VALID = f"""
trademark AS MATERIALIZED (
  SELECT r.subject, r.facts ->> '$.region' AS region, r.facts ->> '$.office' AS office
  FROM {statements("trademark.registered")} AS r
  LEFT JOIN {last("valid_to", "facts ->> '$.valid_to'", "trademark.renewed")} AS n ON n.subject = r.subject
  LEFT JOIN {last("ceased_on", "day", "trademark.ceased")} AS c ON c.subject = r.subject
  WHERE r.day <= :as_of AND c.ceased_on IS NULL
    AND coalesce(n.valid_to, r.facts ->> '$.valid_to', :as_of) >= :as_of
)"""
"""Common table expression: `trademark`, one row each trademark that is valid on the day."""

PCT_FILED = f"""
pct AS MATERIALIZED (
  SELECT day, coalesce(facts ->> '$.region', facts ->> '$.applicants[0].country') AS region,
    facts ->> '$.receiving_office' AS receiving_office
  FROM {statements("pct.filed")}
)"""
"""Common table expression: `pct`, one row each international application."""

TRADEMARKS = View(
    "trademarks",
    "trademarks valid on the day: registered <= day, not ceased <= day, and the last day of the term, as last renewed "
    "up to the day, not passed; where no such day was said, valid until it ceases. The six months in which a term that "
    "is over may still be renewed (Trademark Law Art. 40) are not added: a renewal counts from its own date on",
    (_PLACE, Column("trademarks", "count", "valid on the day, of all classes; a registration counts once")),
    f"""WITH {TRADEMARKS_VALID}
SELECT nullif(place, '') AS region, count(*) AS trademarks FROM {placed("trademark")} GROUP BY place ORDER BY place""",
)

PCT = View(
    "pct",
    "international applications by the year of the international filing date, on two bases that never agree and are "
    "both right: by origin, the region or country of the first applicant (WIPO's PCT statistics), and by receiving "
    "office (an office's own statistics; it also receives from applicants of other countries)",
    (
        Column("year", "year", "of the international filing date"),
        Column("basis", "text", "`origin` or `receiving_office`"),
        Column(
            "place", "ISO 3166 or ST.3", "a country's takes in its subdivisions'; ALL for the whole; null: not said"
        ),
        Column("filings", "count", "international applications"),
    ),
    f"""WITH {PCT_FILED}
SELECT day / 10000 AS year, basis, nullif(place, '') AS place, count(*) AS filings
FROM (
  SELECT day, 'origin' AS basis, place FROM {placed("pct")}
  UNION ALL SELECT day, 'receiving_office', receiving_office FROM pct
  UNION ALL SELECT day, 'receiving_office', 'ALL' FROM pct
) GROUP BY 1, 2, place ORDER BY 1, 2, place""",
)


def _values(side: str) -> str:
    """SQL: the three values by place on a day: (place, metric, value)."""
    return f"""(
  WITH {PATENTS},{TRADEMARKS_VALID},{PCT_FILED}
  SELECT place, 'in_force' AS metric, count(*) AS value FROM {placed("patent_in_force")}
  WHERE "right" = 1 GROUP BY place
  UNION ALL SELECT place, 'trademarks', count(*) FROM {placed("trademark")} GROUP BY place
  UNION ALL SELECT place, 'pct_filings', count(*) FROM {placed("pct")}
  WHERE day BETWEEN :as_of / 10000 * 10000 AND :as_of GROUP BY place
)""".replace(":as_of", side)


DECADE_RATIO = View(
    "decade_ratio",
    "value on the day / value on the same month and day ten years before (of 29 February: at the end of February), of "
    "inventions in force (see in_force), of valid trademarks (see trademarks), and of international applications by "
    "origin filed in the year up to the day (on 31 December: in the year); null where the earlier value is 0",
    (
        _PLACE,
        Column("metric", "text", "`in_force` (inventions), `trademarks` or `pct_filings`"),
        Column("value", "count", "on the day"),
        Column("earlier", "count", "ten years before; 0 where nothing is known"),
        Column("ratio", "ratio", "value / earlier"),
    ),
    f"""SELECT nullif(place, '') AS region, metric, sum(now) AS value, sum(earlier) AS earlier,
  1.0 * sum(now) / nullif(sum(earlier), 0) AS ratio
FROM (
  SELECT place, metric, value AS now, 0 AS earlier FROM {_values(":as_of")}
  UNION ALL SELECT place, metric, 0, value FROM {_values("(:as_of - 100000)")}
) GROUP BY place, metric ORDER BY place, metric""",
)

VIEWS = (GRANTS, GRANTS_FRACTIONAL, IN_FORCE, PATENT_LIST, TRADEMARKS, PCT, DECADE_RATIO)
