-- Assets as in pledged_asset.sql, only those of these ids (:only, a JSON array).
SELECT a.id AS asset, a."right", a.since AS joined_on, e.subject AS pledge, s.currency, s.minor, s.debt_to
FROM (SELECT DISTINCT value FROM json_each(:only)) AS o
CROSS JOIN pledge_asset AS a ON a.id = o.value AND a.basis & :basis AND a.since <= :as_of AND :as_of < a.until
CROSS JOIN pledge_state AS s ON s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.partition = a.partition AND e."offset" = a.entity -- 1: pledges
