-- Areas (:only) where the totals of a region count: the region or '', its country, ALL. Of each kind, the next region
-- after each is looked up, so that no other row is read.
WITH RECURSIVE found (kind, region) AS (
  SELECT number, (SELECT min(t.region) FROM total AS t WHERE t.kind = number AND t.industry = 0) -- 0: all industries
  FROM constant WHERE family = 'kind'
  UNION ALL
  SELECT kind, (SELECT min(t.region) FROM total AS t WHERE t.kind = f.kind AND t.industry = 0 AND t.region > f.region)
  FROM found AS f WHERE region IS NOT NULL
)
SELECT region, asked.value AS area
FROM found CROSS JOIN json_each(:only) AS asked
  ON asked.value IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), 'ALL')
WHERE region IS NOT NULL
GROUP BY region, area
