-- Totals of pledges registered (kind 2), by year, of industries (:only: their numbers).
SELECT t.* FROM json_each(:only) AS asked CROSS JOIN total AS t ON t.kind = 2 AND t.industry = asked.value
