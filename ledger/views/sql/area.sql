-- Areas (region or '', its country, ALL) where the totals of a region count. CN-HK, CN-MO and CN-TW are in HK, MO and TW.
SELECT region, CASE step WHEN 0 THEN region
    WHEN 1 THEN substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END AS area
FROM (
  SELECT t.region FROM constant AS k CROSS JOIN total AS t ON t.kind = k.number AND t.industry = 0 -- 0: all
  WHERE k.family = 'kind'
) CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
WHERE step != 1 OR length(region) > 2
GROUP BY region, area
