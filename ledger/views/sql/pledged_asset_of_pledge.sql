-- Assets as in pledged_asset.sql, only those of these pledges (:only, a JSON array).
SELECT a.id AS asset, coalesce((
  SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
  FROM record AS g INDEXED BY record_by_subject
  CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
    AND k.since = k.granted_on
  WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
    AND length(g.subject) <= length(a.id) + 2
), a.id) AS patent, a."right", a.since AS joined_on, e.subject AS pledge, s.currency, s.minor, s.debt_to
FROM (SELECT DISTINCT value FROM json_each(:only)) AS o
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.subject = o.value -- 1: pledges
CROSS JOIN pledge_state AS s ON s.partition = e.partition AND s.entity = e."offset" AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
CROSS JOIN pledge_asset AS a ON a.partition = s.partition AND a.entity = s.entity AND a.basis & :basis
  AND a.since <= :as_of AND :as_of < a.until
