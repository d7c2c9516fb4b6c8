-- Places (:only) where the totals of a region count: the region or '', its country, ALL.
SELECT region, asked.value AS place
FROM total_region CROSS JOIN json_each(:only) AS asked
  ON asked.value IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), 'ALL')
GROUP BY region, place
