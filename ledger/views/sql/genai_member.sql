-- Patents of families tagged `genai`: the tagged ones, and others. A patent belongs to the family in its last document in the log
-- that gives one.
SELECT family, published_on, countries FROM genai_patent
UNION ALL
SELECT family, (
    SELECT min(d.day) FROM document AS d -- 10: patent.granted, 90: patent.published
    WHERE d.partition = k.partition AND d.entity = k.entity AND d.basis & :basis AND d.type IN (10, 90)
  ), (
    SELECT group_concat(d.inventor_countries) FROM document AS d
    WHERE d.partition = k.partition AND d.entity = k.entity AND d.basis & :basis
  )
FROM (
  SELECT t.family, k.partition, k.entity
  FROM (SELECT family, family_id FROM genai_patent WHERE family_id IS NOT NULL GROUP BY family_id) AS t
  CROSS JOIN document AS k ON k.family_id = t.family_id AND k.basis & :basis
  WHERE (k.partition, k.entity) NOT IN (SELECT partition, entity FROM genai_patent) AND NOT EXISTS (
    SELECT 1 FROM document AS later
    WHERE later.partition = k.partition AND later.entity = k.entity AND later.basis & :basis
      AND later."offset" > k."offset" AND later.family_id != k.family_id
  )
  GROUP BY k.partition, k.entity
) AS k
