-- Assets of deals that are in :only (ids).
SELECT a.* FROM (SELECT DISTINCT value FROM json_each(:only)) AS asked CROSS JOIN deal_asset AS a ON a.id = asked.value
