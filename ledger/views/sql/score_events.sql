-- Ids of the events behind each term of a score, as a JSON array in the order of the log.
SELECT subject, term, json_group_array(id) AS events
FROM (
  SELECT e.subject, e.term, CASE typeof(r.id) WHEN 'blob' THEN
    lower(hex(substr(r.id, 1, 4)) || '-' || hex(substr(r.id, 5, 2)) || '-' || hex(substr(r.id, 7, 2)) || '-'
      || hex(substr(r.id, 9, 2)) || '-' || hex(substr(r.id, 11, 6))) ELSE r.id END AS id
  FROM score_event AS e
  CROSS JOIN record AS r ON r.topic = e.topic AND r.partition = e.partition AND r."offset" = e."offset"
  ORDER BY e.subject, e.term, r.topic, r.partition, r."offset"
)
GROUP BY subject, term
