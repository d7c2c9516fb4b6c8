-- Families tagged `genai`, by year of first publication and country of the inventors.
SELECT year, country, families, ipc, declared, model, sum(families) OVER decade AS decade,
  1.0 * families / sum(families) OVER decade AS share
FROM (
  SELECT year, country, count(*) AS families, sum(ipc) AS ipc, sum(declared) AS declared, sum(model) AS model
  FROM genai_family
  GROUP BY year, country
)
WINDOW decade AS (PARTITION BY country ORDER BY year RANGE BETWEEN 9 PRECEDING AND CURRENT ROW)
ORDER BY year, country
