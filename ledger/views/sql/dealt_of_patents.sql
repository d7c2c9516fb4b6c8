-- Assets of deals that are patents in :only.
SELECT a.* FROM patent_on_day AS p
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 AND e.partition = p.partition AND e."offset" = p.entity -- 2: patents
CROSS JOIN deal_asset AS a ON a.id = e.subject
