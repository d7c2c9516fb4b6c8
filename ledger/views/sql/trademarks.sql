-- Trademarks valid on the day (:as_of), by area: the region or '', its country, ALL.
SELECT CASE step WHEN 0 THEN region
  WHEN 1 THEN substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END AS region, sum(marks) AS trademarks
FROM (
  SELECT region, sum(iif(:basis = 1, recorded_events, corrected_events)) AS marks
  FROM stock
  WHERE kind = 103 AND industry = 0 AND date <= :as_of -- 103: trademarks in force; 0: all industries
  GROUP BY region
) AS s CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
WHERE marks != 0 AND (step != 1 OR length(s.region) > 2)
GROUP BY CASE step WHEN 0 THEN s.region
  WHEN 1 THEN substr(s.region, iif(s.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END
ORDER BY 1
