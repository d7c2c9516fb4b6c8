-- Each record with its outcome. An unreadable batch is the record at its first offset; its other offsets follow.
-- Accepted records (outcome 1) are found by subject, and so are all others.
SELECT r.topic, r.partition, r."offset", r.outcome, r.id, r.source, r.type, r.subject, r.occurred_on,
  r.timestamp AS broker_timestamp, lower(hex(r.hash)) AS value_hash, NULL AS rule
FROM record AS r WHERE r.outcome = 1
UNION ALL
SELECT r.topic, r.partition, r."offset", r.outcome, r.id, r.source, r.type, r.subject, r.occurred_on, r.timestamp,
  lower(hex(r.hash)), j.rule
FROM record AS r
LEFT JOIN rejection AS j ON j.topic = r.topic AND j.partition = r.partition AND j."offset" = r."offset"
WHERE r.outcome != 1
UNION ALL
SELECT u.topic, u.partition, u."offset", j.outcome, NULL, NULL, NULL, NULL, NULL, j.timestamp, lower(hex(j.hash)), r.rule
FROM unread_offset AS u
CROSS JOIN rejection AS r ON r.topic = u.topic AND r.partition = u.partition AND r."offset" = u.first
CROSS JOIN record AS j ON j.topic = u.topic AND j.partition = u.partition AND j."offset" = u.first
ORDER BY 1, 2, 3
