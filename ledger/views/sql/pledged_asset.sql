-- Assets in pledges in force on a day (:as_of), with the day on which each joined the pool.
SELECT a.id AS asset, coalesce((
  SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
  FROM record AS g INDEXED BY record_by_subject
  CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
    AND k.since = k.granted_on
  WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
    AND length(g.subject) <= length(a.id) + 2
), a.id) AS patent, a."right", a.since AS joined_on, e.subject AS pledge, s.currency, s.minor, s.debt_to
FROM pledge_asset AS a
JOIN pledge_state AS s ON s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * a.partition -- 1: pledges; read from a
  AND e.partition = a.partition AND e."offset" = a.entity
WHERE a.since <= :as_of AND :as_of < a.until AND unlikely(a.basis & :basis)
