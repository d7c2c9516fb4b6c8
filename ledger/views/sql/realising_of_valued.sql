-- Deals (topic 4) and pledges (1) of the assets that have a valuation of an industry or in a region (:only: numbers, or codes).
WITH valued AS (
  SELECT e.subject AS id
  FROM valuation AS v
  CROSS JOIN record AS e ON e.topic = 3 AND e.partition = v.partition AND e."offset" = v.entity -- 3: valuations
  WHERE v.basis & :basis
    AND (v.industry IN (SELECT value FROM json_each(:only)) OR v.region IN (SELECT value FROM json_each(:only)))
  GROUP BY v.partition, v.entity
)
SELECT 4 AS topic, a.partition, a.entity FROM valued AS v CROSS JOIN deal_asset AS a ON a.id = v.id GROUP BY 2, 3
UNION ALL
SELECT 1, a.partition, a.entity FROM valued AS v CROSS JOIN pledge_asset AS a ON a.id = v.id GROUP BY 2, 3
