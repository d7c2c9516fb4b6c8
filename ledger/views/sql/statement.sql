-- Accepted originals with effect on a basis, each with its day (YYYYMMDD) and facts on that basis. Family is the number
-- of the type.
SELECT r.topic, r.partition, r."offset", r.type AS family, r.source, r.subject,
  iif(:basis = 2 AND a."offset" IS NOT NULL, a.occurred_on, r.occurred_on) AS day,
  iif(:basis = 2 AND a."offset" IS NOT NULL, a.facts, r.facts) AS facts
FROM record AS r
LEFT JOIN amended AS a ON a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset"
WHERE r.outcome = 1 AND r.type % 10 = 0 AND (:basis = 1 OR a."offset" IS NULL OR a.corrected_by IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM waiting AS w
    WHERE w.topic = r.topic AND w.partition = r.partition AND w."offset" = r."offset" AND w.basis = :basis
  )
