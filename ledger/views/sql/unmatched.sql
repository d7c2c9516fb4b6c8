-- Accepted events without effect, a row for each basis on which they have none.
SELECT w.topic, w.partition, w."offset", w.basis, w.reason, r.type, r.source, r.id, r.subject
FROM waiting AS w
CROSS JOIN record AS r ON r.topic = w.topic AND r.partition = w.partition AND r."offset" = w."offset"
