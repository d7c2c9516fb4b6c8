-- Totals of pledges registered (kind 2), by year, of places (:only: regions, countries, ALL).
SELECT t.* FROM industry AS i CROSS JOIN (
  SELECT region FROM json_each(:only) AS place CROSS JOIN total ON kind = 2 AND industry = 0 -- 0: all industries
    AND place.value IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), 'ALL')
  GROUP BY region
) AS r CROSS JOIN total AS t ON t.kind = 2 AND t.industry = i.number AND t.region = r.region
