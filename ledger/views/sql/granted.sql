-- Patents granted up to the day (:as_of).
SELECT e.subject, p.partition, p.entity, p.family_id, p.granted_on
FROM patent AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * p.partition -- 2: patents; read from p or a subject
  AND e.partition = p.partition AND e."offset" = p.entity
WHERE unlikely(p.basis & :basis) AND p.since <= :as_of AND :as_of < p.until
