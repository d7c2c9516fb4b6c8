-- Totals of pledges registered (kind 2), by year.
SELECT t.* FROM industry AS i CROSS JOIN (SELECT DISTINCT region FROM area) AS r
CROSS JOIN total AS t ON t.kind = 2 AND t.industry = i.number AND t.region = r.region
