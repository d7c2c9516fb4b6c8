-- Regions with totals of a kind, each once: the next one after each is looked up, so that no other row is read.
WITH RECURSIVE found (kind, region) AS (
  SELECT number, (SELECT min(t.region) FROM total AS t WHERE t.kind = number AND t.industry = 0) -- 0: all industries
  FROM constant WHERE family = 'kind'
  UNION ALL
  SELECT kind, (SELECT min(t.region) FROM total AS t WHERE t.kind = f.kind AND t.industry = 0 AND t.region > f.region)
  FROM found AS f WHERE region IS NOT NULL
)
SELECT region FROM found WHERE region IS NOT NULL GROUP BY region
