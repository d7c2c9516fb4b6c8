-- Events behind the terms of the scores on the day (:as_of), as in the log.
SELECT e.subject AS patent, e.term, r.type, r.subject, r.occurred_on, r.topic, r.partition, r."offset", r.id
FROM score_event AS e
CROSS JOIN record AS r ON r.topic = e.topic AND r.partition = e.partition AND r."offset" = e."offset"
ORDER BY e.subject, e.term, r.topic, r.partition, r."offset"
