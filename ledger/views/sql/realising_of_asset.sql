-- Deals (topic 4) and pledges (1) of assets (:only: ids).
SELECT 4 AS topic, a.partition, a.entity
FROM json_each(:only) AS asked CROSS JOIN deal_asset AS a ON a.id = asked.value GROUP BY 2, 3
UNION ALL
SELECT 1, a.partition, a.entity
FROM json_each(:only) AS asked CROSS JOIN pledge_asset AS a ON a.id = asked.value GROUP BY 2, 3
