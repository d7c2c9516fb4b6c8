-- The newest grants up to a day (:as_of) with a symbol of a main group (:group). 10: patent.granted.
SELECT e.subject AS grant_id, CASE coalesce(d.assignees, '[]') WHEN '[]' THEN d.applicants ELSE d.assignees END AS owners,
  d.day, 2 AS topic, d.partition, d."offset" -- 2: patents
FROM document AS d
CROSS JOIN record AS e ON e.topic = 2 AND e.partition = d.partition AND e."offset" = d.entity
WHERE d.type = 10 AND d.basis & 2 AND d.day <= :as_of AND d.ipc LIKE '%"' || :group || '%'
ORDER BY d.day DESC, d.partition, d."offset"
LIMIT :most
