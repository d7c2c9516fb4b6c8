-- Accepted events of a subject (:subject), of any topic, in log order; `reason` says why an event has no effect on the
-- basis (:basis).
SELECT r.topic, r.partition, r."offset", r.timestamp, r.type, r.source, r.occurred_on, w.reason,
  CAST(r.facts AS TEXT) AS facts, r.id
FROM record AS r
LEFT JOIN waiting AS w
  ON w.topic = r.topic AND w.partition = r.partition AND w."offset" = r."offset" AND w.basis = :basis
WHERE r.outcome = 1 AND r.subject = :subject
ORDER BY r.topic, r.partition, r."offset"
