-- R10: a utility model whose applicants filed an invention (right 1) at the same office on the same day, by its filing
-- (type 80) or a document up to the day judged that gives the filing day.
SELECT m.partition, m.entity, m.pledge, m.day, m.waivers, m.ordinal, m.id, 10 AS ground,
  'its applicants filed the invention ' || min(t.subject) || ' on the same day' AS words, NULL AS on_day, NULL AS more,
  NULL AS by_day
FROM pledged_model AS m
CROSS JOIN document AS d ON iif(d.type = 80, d.day, d.filed_on) = +m.filed_on AND d.office = m.office AND d."right" = 1
  AND d.basis & :basis AND (d.type = 80 OR d.day <= m.day) AND m.applicants = (
    SELECT group_concat(name, char(10)) FROM (
      SELECT json_extract(value, '$.name') AS name FROM json_each(d.applicants) ORDER BY name
    )
  )
CROSS JOIN record AS t ON t.topic = 2 AND t.partition = d.partition AND t."offset" = d.entity AND t.subject != m.id
GROUP BY m.partition, m.entity, m.day, m.ordinal, m.id, m.pledge
