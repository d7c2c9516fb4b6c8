-- Deals (topic 4) and pledges with a default or a realisation (1), which may have a realised price: all.
SELECT 4 AS topic, partition, entity FROM deal GROUP BY partition, entity
UNION ALL
SELECT 1, partition, entity FROM pledge_payment GROUP BY partition, entity
