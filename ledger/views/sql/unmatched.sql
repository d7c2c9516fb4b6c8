-- Accepted events without effect, one row per basis. They are few: hence `unlikely`.
SELECT w.topic, w.partition, w."offset", w.basis, w.reason, r.type, r.source, r.id, r.subject
FROM waiting AS w
JOIN record AS r ON r.outcome = 1 AND r.topic = w.topic AND r.partition = w.partition AND r."offset" = w."offset"
WHERE unlikely(w.basis > 0)
