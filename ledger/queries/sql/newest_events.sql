-- The newest records (:most) of the log by the brokers' timestamps, whatever became of them: the last ones of each partition
-- are looked up from its end, then put in order.
SELECT r.topic, r.partition, r."offset", r.timestamp, r.outcome, r.type, r.source, r.subject, r.occurred_on, j.rule,
  CASE typeof(r.id) WHEN 'blob' THEN
    substr(lower(hex(r.id)), 1, 8) || '-' || substr(lower(hex(r.id)), 9, 4) || '-' || substr(lower(hex(r.id)), 13, 4)
    || '-' || substr(lower(hex(r.id)), 17, 4) || '-' || substr(lower(hex(r.id)), 21, 12)
  ELSE r.id END AS id
FROM position AS p
CROSS JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" IN (
  SELECT "offset" FROM record AS newest WHERE newest.topic = p.topic AND newest.partition = p.partition
  ORDER BY newest."offset" DESC LIMIT :most
)
LEFT JOIN rejection AS j ON j.topic = r.topic AND j.partition = r.partition AND j."offset" = r."offset"
ORDER BY r.timestamp DESC, r.topic, r.partition, r."offset" DESC
LIMIT :most
