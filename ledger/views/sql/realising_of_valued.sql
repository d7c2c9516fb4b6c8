-- Deals (topic 4) and pledges (1) of the assets that have a valuation of an industry or in a region (:only: numbers, or codes). The
-- assets are read in the order of their ids, from an index alone.
WITH valued AS (
  SELECT DISTINCT subject AS id FROM valuation
  WHERE since > 0 AND basis & :basis
    AND (industry IN (SELECT value FROM json_each(:only)) OR region IN (SELECT value FROM json_each(:only)))
)
SELECT 4 AS topic, a.partition, a.entity FROM valued AS v CROSS JOIN deal_asset AS a ON a.id = v.id GROUP BY 2, 3
UNION ALL
SELECT 1, a.partition, a.entity FROM valued AS v CROSS JOIN pledge_asset AS a ON a.id = v.id GROUP BY 2, 3
