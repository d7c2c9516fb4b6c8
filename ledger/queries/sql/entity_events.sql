-- The accepted events about a subject (:subject), of any topic, in the order of the log; `reason` says why one has no
-- effect on the basis (:basis).
SELECT r.topic, r.partition, r."offset", r.timestamp, r.type, r.source, r.occurred_on, w.reason,
  CAST(r.facts AS TEXT) AS facts,
  CASE typeof(r.id) WHEN 'blob' THEN
    substr(lower(hex(r.id)), 1, 8) || '-' || substr(lower(hex(r.id)), 9, 4) || '-' || substr(lower(hex(r.id)), 13, 4)
    || '-' || substr(lower(hex(r.id)), 17, 4) || '-' || substr(lower(hex(r.id)), 21, 12)
  ELSE r.id END AS id
FROM record AS r
LEFT JOIN waiting AS w
  ON w.topic = r.topic AND w.partition = r.partition AND w."offset" = r."offset" AND w.basis = :basis
WHERE r.outcome = 1 AND r.subject = :subject
ORDER BY r.topic, r.partition, r."offset"
