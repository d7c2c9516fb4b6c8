-- The records of one partition in [:start, :end), of any outcome.
SELECT r.topic, r.partition, r."offset", r.timestamp, r.outcome, r.type, r.source, r.subject, r.occurred_on, j.rule, r.id
FROM record AS r
LEFT JOIN rejection AS j ON j.topic = r.topic AND j.partition = r.partition AND j."offset" = r."offset"
WHERE r.topic = :topic AND r.partition = :partition AND r."offset" >= :start AND r."offset" < :end
ORDER BY r."offset"
