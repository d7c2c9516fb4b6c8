-- Families tagged `genai`: one row per family and country of its inventors (NULL if none is given, and ALL), with the
-- year of the first publication of any kind, and the sources of the tag.
SELECT y.family, y.year, c.value AS country, y.ipc, y.declared, y.model
FROM genai_year AS y CROSS JOIN json_tree(y.countries) AS c ON c.type = 'text'
GROUP BY y.family, c.value
UNION ALL
SELECT family, year, NULL, ipc, declared, model FROM genai_year WHERE instr(countries, '"') = 0
UNION ALL
SELECT family, year, 'ALL', ipc, declared, model FROM genai_year
