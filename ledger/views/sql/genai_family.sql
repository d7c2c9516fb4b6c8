-- Families tagged `genai`: one row per family and country of its inventors (NULL if none is given, and ALL), with the
-- year of the first publication of any kind, and the sources of the tag.
SELECT family, year, country, ipc, declared, model
FROM (
  SELECT family, min(iif(type IN (10, 90), day, NULL)) / 10000 AS year
  FROM genai_document -- 90: patent.published, 10: patent.granted
  GROUP BY family
) JOIN (
  SELECT family, max(source = 'ipc') AS ipc, max(source = 'declared') AS declared, max(source = 'model') AS model
  FROM genai_patent
  GROUP BY family
) USING (family) JOIN (
  SELECT family, value AS country FROM genai_document, json_each(coalesce(inventor_countries, '[]'))
  GROUP BY family, value
  UNION ALL
  SELECT family, NULL FROM genai_document
  GROUP BY family HAVING max(coalesce(json_array_length(inventor_countries), 0)) = 0
  UNION ALL
  SELECT family, 'ALL' FROM genai_document GROUP BY family
) USING (family)
WHERE year IS NOT NULL
