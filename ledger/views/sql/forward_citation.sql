-- The number of patents that cite a patent and are granted up to the day (:as_of) and within 5 years of its grant.
SELECT p.partition, p.entity, count(*) AS forward
FROM citation AS c
CROSS JOIN record AS e ON e.subject = c.id AND e.outcome = 1 AND e.topic = 2 -- 2: patents
CROSS JOIN patent AS p ON p.partition = e.partition AND p.entity = e."offset" AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until
WHERE c.day <= p.granted_on + 50000 AND (c.partition != p.partition OR c.entity != p.entity)
GROUP BY p.partition, p.entity
