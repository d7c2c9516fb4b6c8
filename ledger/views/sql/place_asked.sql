-- Places (:only) where the totals of a region count: the region or '', its country, ALL.
SELECT region, asked.value AS place
FROM constant AS k CROSS JOIN total AS t ON t.kind = k.number AND t.industry = 0 -- 0: all industries
CROSS JOIN json_each(:only) AS asked
  ON asked.value IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), 'ALL')
WHERE k.family = 'kind'
GROUP BY region, place
