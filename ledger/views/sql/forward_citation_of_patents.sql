-- Patents in :only with the number of patents that cite them: see forward_citation.
SELECT p.partition, p.entity, count(*) AS forward
FROM patent_on_day AS p
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 -- 2: patents
  AND e.partition = p.partition AND e."offset" = p.entity
CROSS JOIN citation AS c ON c.id = e.subject AND c.basis & :basis AND c.day <= :as_of AND c.day <= p.granted_on + 50000
  AND (c.partition != p.partition OR c.entity != p.entity)
CROSS JOIN patent AS k ON k.partition = c.partition AND k.entity = c.entity AND k.basis & :basis
  AND k.since <= :as_of AND :as_of < k.until
WHERE (k.industry, k.filed_on / 10000) IS NOT (p.industry, p.filed_on / 10000)
GROUP BY p.partition, p.entity
