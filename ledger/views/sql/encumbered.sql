-- Assets in pledges in force on a day (:as_of). An asset named twice in a pool, even under two patent rights (1 to 4),
-- counts once.
SELECT a.id, a."right", e.subject AS pledge, p.registered_on AS since, s.debt_to,
  (
    SELECT count(DISTINCT o.partition << 48 | o.entity) FROM pledge_asset AS o
    WHERE o.id = a.id AND max(o."right", 4) = max(a."right", 4)
      AND o.since <= :as_of AND :as_of < o.until AND o.basis & :basis
  ) AS pledges
FROM pledge_asset AS a
JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
JOIN pledge_state AS s ON s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * a.partition -- 1: pledges; read from a or a subject
  AND e.partition = a.partition AND e."offset" = a.entity
WHERE a.partition >= 0 AND a.since <= :as_of AND :as_of < a.until AND unlikely(a.basis & :basis)
  AND NOT EXISTS (
    SELECT 1 FROM pledge_asset AS t
    WHERE t.partition = a.partition AND t.entity = a.entity AND t.basis & :basis AND t.id = a.id
      AND max(t."right", 4) = max(a."right", 4) AND t.since <= :as_of AND :as_of < t.until
      AND (t."right" < a."right" OR t."right" = a."right" AND t.ordinal < a.ordinal)
  )
ORDER BY a.id, max(a."right", 4), p.registered_on, e.subject
