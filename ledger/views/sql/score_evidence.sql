-- Events behind a patent's score, up to the day (:as_of), as in the log.
SELECT e.patent, e.relation, r.type, r.subject, e.day AS occurred_on, r.topic, r.partition, r."offset", r.id
FROM score_event AS e
CROSS JOIN record AS r ON r.topic = e.topic AND r.partition = e.partition AND r."offset" = e."offset"
ORDER BY e.patent, r.topic, r.partition, r."offset"
