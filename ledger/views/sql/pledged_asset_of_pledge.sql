-- Assets as in pledged_asset.sql, only those of these pledges (:only, a JSON array).
SELECT a.id AS asset, a."right", a.since AS joined_on, e.subject AS pledge, s.currency, s.minor, s.debt_to
FROM (SELECT DISTINCT value FROM json_each(:only)) AS o
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.subject = o.value -- 1: pledges
CROSS JOIN pledge_state AS s ON s.partition = e.partition AND s.entity = e."offset" AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
CROSS JOIN pledge_asset AS a ON a.partition = s.partition AND a.entity = s.entity AND a.basis & :basis
  AND a.since <= :as_of AND :as_of < a.until
