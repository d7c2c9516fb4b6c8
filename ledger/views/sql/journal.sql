-- Each record at its place, with its one outcome. A batch that cannot be read is the record at its first offset; its
-- other offsets follow.
SELECT topic, partition, "offset", outcome, id, source, type, subject, occurred_on, timestamp AS broker_timestamp,
  lower(hex(hash)) AS value_hash, rule
FROM record LEFT JOIN rejection USING (topic, partition, "offset")
UNION ALL
SELECT u.topic, u.partition, u."offset", j.outcome, NULL, NULL, NULL, NULL, NULL, j.timestamp, lower(hex(j.hash)), r.rule
FROM unread_offset AS u
CROSS JOIN rejection AS r ON r.topic = u.topic AND r.partition = u.partition AND r."offset" = u.first
CROSS JOIN record AS j ON j.topic = u.topic AND j.partition = u.partition AND j."offset" = u.first
