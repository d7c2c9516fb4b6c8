-- R10: a utility model whose applicants filed an invention (right 1) at the same office on the same day, by a document that
-- gives its filing day, or by its filing itself (type 80), up to the day of the registration.
SELECT m.partition, m.entity, m.pledge, m.day, m.waivers, m.place, m.id, 10 AS ground,
  'its applicants filed the invention ' || min(t.subject) || ' on the same day' AS words, NULL AS on_day, NULL AS more,
  NULL AS by_day
FROM (
  SELECT m.*, d.partition AS twin_partition, d.entity AS twin, d.applicants AS twins
  FROM pledged_model AS m
  CROSS JOIN document AS d ON d.filed_on = m.filed_on AND d.office = m.office AND d."right" = 1 AND d.basis & :basis
    AND d.day <= m.day
  UNION ALL
  SELECT m.*, d.partition, d.entity, d.applicants
  FROM pledged_model AS m
  CROSS JOIN document AS d ON d.day = m.filed_on AND d.type = 80 AND d.office = m.office AND d."right" = 1
    AND d.basis & :basis AND d.day <= m.day
) AS m
CROSS JOIN record AS t ON t.topic = 2 AND t.partition = twin_partition AND t."offset" = twin AND t.subject != m.id
WHERE m.applicants = (
  SELECT group_concat(name, char(10)) FROM (
    SELECT json_extract(value, '$.name') AS name FROM json_each(twins) ORDER BY name
  )
)
GROUP BY m.pledge, m.partition, m.entity, m.place
