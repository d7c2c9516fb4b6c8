-- Granted patents in their state on the day (:as_of), of patents (:only: ids).
SELECT p.* FROM json_each(:only) AS asked
CROSS JOIN record AS r ON r.outcome = 1 AND r.topic = 2 AND r.subject = asked.value -- 2: patents
CROSS JOIN patent AS p ON p.partition = r.partition AND p.entity = r."offset" AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until
