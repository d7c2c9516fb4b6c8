-- Documents of families tagged `genai`. A patent belongs to the family in its last document in the log that gives one.
SELECT m.family, d.type, d.day, d.inventor_countries
FROM (
  SELECT t.family, k.partition, k.entity
  FROM (SELECT family, family_id FROM genai_patent WHERE family_id IS NOT NULL GROUP BY family) AS t
  CROSS JOIN document AS k ON k.family_id = t.family_id AND k.basis & :basis
  WHERE NOT EXISTS (
    SELECT 1 FROM document AS later
    WHERE later.partition = k.partition AND later.entity = k.entity AND later.basis & :basis
      AND later."offset" > k."offset" AND later.family_id != k.family_id
  )
  GROUP BY t.family, k.partition, k.entity
  UNION ALL
  SELECT family, partition, entity FROM genai_patent WHERE family_id IS NULL GROUP BY family
) AS m CROSS JOIN document AS d ON d.partition = m.partition AND d.entity = m.entity AND d.basis & :basis
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
