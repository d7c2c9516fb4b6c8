-- A conflicting record (rule 20) and the event of the same id that stands, each as a JSON object of its fields. The
-- book keeps [target, replacement] of a correction or void: the fields are those of the replacement, and the target.
SELECT topic, partition, "offset", subject, type, source, id,
  json_set(iif(json_type(stands) = 'array',
    json_set(coalesce(json_extract(stands, '$[1]'), '{}'), '$.target', json_extract(stands, '$[0]')), stands),
    '$.type', (SELECT name FROM constant WHERE family = 'type' AND number = standing_type)) AS stands,
  json_set(iif(json_type(conflicting) = 'array',
    json_set(coalesce(json_extract(conflicting, '$[1]'), '{}'), '$.target', json_extract(conflicting, '$[0]')), conflicting),
    '$.type', (SELECT name FROM constant WHERE family = 'type' AND number = type)) AS conflicting
FROM (
  SELECT c.topic, c.partition, c."offset", c.subject, c.type, c.source, c.id, s.type AS standing_type,
    s.facts AS stands, c.facts AS conflicting
  FROM rejection AS x
  CROSS JOIN record AS c ON c.topic = x.topic AND c.partition = x.partition AND c."offset" = x."offset"
  CROSS JOIN record AS s INDEXED BY record_by_subject ON s.outcome = 1 AND s.subject = c.subject
    AND s.topic = c.topic AND s.partition = c.partition AND s.source = c.source AND s.id = c.id
  WHERE x.rule = 20
)
