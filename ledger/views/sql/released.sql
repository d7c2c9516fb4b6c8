-- Unmatched cancellations (type 40) and releases of a part (type 30) of pledges (topic 1), with their day and facts.
SELECT w.partition, w."offset", r.subject AS release, r.type = 30 AS partial, iif(a."offset" IS NULL, r.occurred_on, a.occurred_on) AS day,
  CAST(iif(a."offset" IS NULL, r.facts, a.facts) AS TEXT) AS facts,
  iif(r.type = 30, '$.releasing', '$.pledgees') AS by
FROM waiting AS w
JOIN record AS r ON r.outcome = 1 AND r.topic = w.topic AND r.partition = w.partition AND r."offset" = w."offset"
LEFT JOIN amended AS a ON a.topic = w.topic AND a.partition = w.partition AND a."offset" = w."offset" AND :basis = 2
WHERE w.topic = 1 AND w.basis = :basis AND w.reason = 'registration_missing' AND r.type IN (30, 40)
