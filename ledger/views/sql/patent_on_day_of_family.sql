-- Granted patents in their state on the day (:as_of), of families (:only: ids): a patent has the family of a document of its own.
SELECT p.* FROM json_each(:only) AS asked
CROSS JOIN document AS d ON d.family_id = asked.value
CROSS JOIN patent AS p ON p.partition = d.partition AND p.entity = d.entity AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until AND p.family_id = asked.value
GROUP BY p.partition, p.entity
