-- Each rejected record with its rule and the bytes kept. An unreadable batch is the record at its first offset; its
-- other offsets follow, without bytes.
SELECT topic, partition, "offset", outcome, rule, path, reason, arguments, id, source, subject, offsets, size, key, value,
  headers
FROM rejection JOIN record USING (topic, partition, "offset")
WHERE unlikely(rejection.rule > 0) AND record.outcome != 1 -- never accepted: lets SQLite find one by its subject
UNION ALL
SELECT u.topic, u.partition, u."offset", j.outcome, r.rule, r.path, r.reason, r.arguments, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL
FROM unread_offset AS u
CROSS JOIN rejection AS r ON r.topic = u.topic AND r.partition = u.partition AND r."offset" = u.first
CROSS JOIN record AS j ON j.topic = u.topic AND j.partition = u.partition AND j."offset" = u.first
