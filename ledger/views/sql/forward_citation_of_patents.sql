-- Patents in :only with the number of patents that cite them: see forward_citation.
SELECT p.partition, p.entity, count(DISTINCT c.partition << 48 | c.entity) AS forward
FROM patent_on_day AS p
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 -- 2: patents
  AND e.partition = p.partition AND e."offset" = p.entity
CROSS JOIN citation AS c ON c.id IN (e.subject, substr(e.subject, 1, length(rtrim(e.subject, '0123456789')) - 1))
  AND (c.id = e.subject OR 1 = ( -- a number without a kind, if no other grant has it
    SELECT count(*) FROM record AS g INDEXED BY record_by_subject
    CROSS JOIN patent AS o ON o.partition = g.partition AND o.entity = g."offset" AND o.basis & :basis
      AND o.since = o.granted_on
    WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= c.id || 'A' AND g.subject < c.id || '['
      AND length(g.subject) <= length(c.id) + 2
  ))
  AND c.basis & :basis
  AND (c.partition != p.partition OR c.entity != p.entity)
CROSS JOIN patent AS k ON k.partition = c.partition AND k.entity = c.entity AND k.basis & :basis
  AND k.since <= :as_of AND :as_of < k.until AND k.granted_on <= p.granted_on + 50000
WHERE (k.industry, k.filed_on / 10000) IS NOT (p.industry, p.filed_on / 10000)
GROUP BY p.partition, p.entity
