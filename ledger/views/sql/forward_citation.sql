-- Patents with the number of patents that cite them and are granted up to the day (:as_of) and within 5 years of their
-- grant. Citations within a cohort do not count: no patent changes the ranks of its own cohort by its citations.
SELECT p.partition, p.entity, count(DISTINCT c.partition << 48 | c.entity) AS forward
FROM citation AS c
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 AND e.subject = coalesce((
  SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
  FROM record AS g INDEXED BY record_by_subject
  CROSS JOIN patent AS o ON o.partition = g.partition AND o.entity = g."offset" AND o.basis & :basis
    AND o.since = o.granted_on
  WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= c.id || 'A' AND g.subject < c.id || '['
    AND length(g.subject) <= length(c.id) + 2
), c.id)
CROSS JOIN patent AS p ON p.partition = e.partition AND p.entity = e."offset" AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until
CROSS JOIN patent AS k ON k.partition = c.partition AND k.entity = c.entity AND k.basis & :basis
  AND k.since <= :as_of AND :as_of < k.until
WHERE c.basis & :basis AND k.granted_on <= p.granted_on + 50000
  AND (c.partition != p.partition OR c.entity != p.entity)
  AND (k.industry, k.filed_on / 10000) IS NOT (p.industry, p.filed_on / 10000)
GROUP BY p.partition, p.entity
