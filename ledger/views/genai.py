"""Families of patents about generative AI, by how that is known."""

from __future__ import annotations

from ledger.views.statements import statements
from ledger.views.view import Column, View
from schemas.events import GRANTED, PUBLISHED

_DOCUMENTS = statements("patent.filed", "patent.published", "patent.granted")

GENAI = View(
    "genai",
    "families (distinct family_id; a patent without one is a family of its own) that are tagged `genai`, each counted "
    "once, in the year of its first publication (patent.published; of a family of which no publication is known, its "
    "first grant; one of which neither is known is not counted). Tagged: one of its documents has CPC or IPC symbol "
    "G06N 3/0455 or 3/0475, or `genai` among its tags, or a patent.tagged that says so; never guessed from a title, "
    "and a model's tag counts whatever its confidence. share = families / the sum over the ten years up to this one. "
    "By country of the inventors, not of applicants or offices: a family counts once in each country, null where none "
    "was said. After WIPO, Patent Landscape Report on Generative AI (2024), which counts published families by year "
    "of publication and by inventor location",
    (
        Column("year", "year", "of the family's first publication"),
        Column("country", "ISO 3166-1", "of an inventor; ALL for the whole; null where not said"),
        Column("families", "count", "tagged in any way, each once"),
        Column("ipc", "count", "those known by a symbol (CPC or IPC)"),
        Column("declared", "count", "those that a producer declared"),
        Column("model", "count", "those that a model tagged; a family may be known in several ways"),
        Column("decade", "count", "families of the ten years up to this one"),
        Column("share", "ratio", "families / decade"),
    ),
    f"""WITH document AS MATERIALIZED (
  SELECT subject, "offset", family AS type, day, facts ->> '$.family_id' AS family_id, facts ->> '$.genai' AS genai,
    facts ->> '$.tags' AS tags, facts ->> '$.inventor_countries' AS countries
  FROM {_DOCUMENTS}
),
kin AS MATERIALIZED (
  SELECT subject, coalesce('family ' || family_id, 'patent ' || subject) AS family,
    max(iif(family_id IS NULL, -1, "offset"))
  FROM document GROUP BY subject
),
said AS (
  SELECT subject, 'ipc' AS provenance FROM document WHERE genai
  UNION ALL SELECT subject, 'declared' FROM document, json_each(tags) WHERE value = 'genai'
  UNION ALL SELECT subject, facts ->> '$.tag_source' FROM {statements("patent.tagged")}
  WHERE facts ->> '$.tag' = 'genai'
),
tagged AS MATERIALIZED (
  SELECT family, max(provenance = 'ipc') AS ipc, max(provenance = 'declared') AS declared,
    max(provenance = 'model') AS model
  FROM said JOIN kin USING (subject) GROUP BY family
),
relative AS MATERIALIZED (
  SELECT family, type, day, countries FROM tagged JOIN kin USING (family) JOIN document USING (subject)
),
published AS (
  SELECT family, coalesce(min(day) FILTER (WHERE type = {PUBLISHED}), min(day) FILTER (WHERE type = {GRANTED})) / 10000
    AS year
  FROM relative GROUP BY family
),
located AS (
  SELECT family, value AS country FROM relative, json_each(countries) GROUP BY family, value
),
counted AS (
  SELECT year, country, count(*) AS families, sum(ipc) AS ipc, sum(declared) AS declared, sum(model) AS model
  FROM tagged JOIN published USING (family)
  JOIN (
    SELECT family, country FROM tagged LEFT JOIN located USING (family) UNION ALL SELECT family, 'ALL' FROM tagged
  ) USING (family)
  WHERE year IS NOT NULL GROUP BY year, country
)
SELECT year, country, families, ipc, declared, model,
  sum(families) OVER decade AS decade, 1.0 * families / sum(families) OVER decade AS share
FROM counted WINDOW decade AS (PARTITION BY country ORDER BY year RANGE BETWEEN 9 PRECEDING AND CURRENT ROW)
ORDER BY year, country""",
)

VIEWS = (GENAI,)
