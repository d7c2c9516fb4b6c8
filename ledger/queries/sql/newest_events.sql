-- The newest records (:most) of the log by broker timestamp, of any outcome: the last of each partition are read from
-- its end, then sorted.
SELECT r.topic, r.partition, r."offset", r.timestamp, r.outcome, r.type, r.source, r.subject, r.occurred_on, j.rule, r.id
FROM position AS p
CROSS JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" IN (
  SELECT "offset" FROM record AS newest WHERE newest.topic = p.topic AND newest.partition = p.partition
  ORDER BY newest."offset" DESC LIMIT :most
)
LEFT JOIN rejection AS j ON j.topic = r.topic AND j.partition = r.partition AND j."offset" = r."offset"
ORDER BY r.timestamp DESC, r.topic, r.partition, r."offset" DESC
LIMIT :most
