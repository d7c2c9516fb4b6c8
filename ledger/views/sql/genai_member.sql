-- Patents of families tagged `genai`, with the sources of the tag: the tagged ones, and others. A patent belongs to the family in
-- its last document in the log that gives one. Candidates come from the index of families alone; nearly all are tagged themselves.
SELECT family, published_on, countries, ipc, declared, model FROM genai_tagged
UNION ALL
SELECT 'F' || family_id, (
    SELECT min(d.day) FROM document AS d -- 10: patent.granted, 90: patent.published
    WHERE d.partition = k.partition AND d.entity = k.entity AND d.basis & :basis AND d.type IN (10, 90)
  ), (
    SELECT group_concat(d.inventor_countries) FROM document AS d
    WHERE d.partition = k.partition AND d.entity = k.entity AND d.basis & :basis
  ), 0, 0, 0
FROM (
  SELECT k.family_id, k.partition, k.entity
  FROM (SELECT DISTINCT family_id FROM genai_tagged WHERE family_id IS NOT NULL) AS t
  CROSS JOIN document AS k ON k.family_id = t.family_id AND k.basis & :basis
  WHERE (k.partition, k.entity) NOT IN (SELECT partition, entity FROM genai_tagged)
  GROUP BY k.partition, k.entity, k.family_id
) AS k
WHERE family_id = (
    SELECT family_id FROM (
      SELECT d.family_id, max(d."offset") FROM document AS d
      WHERE d.partition = k.partition AND d.entity = k.entity AND d.basis & :basis AND d.family_id IS NOT NULL
    )
  )
