-- Families tagged `genai` as in genai_family, of countries (:only): a country is in the text of a JSON array.
SELECT family, year, country, ipc, declared, model
FROM (
  SELECT family, asked.value AS country, min(published_on) / 10000 AS year, max(ipc) AS ipc, max(declared) AS declared,
    max(model) AS model, max(asked.value = 'ALL' OR coalesce(instr(countries, json_quote(asked.value)), 0)) AS there
  FROM genai_member CROSS JOIN (SELECT DISTINCT value FROM json_each(:only)) AS asked
  GROUP BY family, asked.value
)
WHERE there AND year IS NOT NULL
