-- Patents tagged `genai`: one row per patent and source of the tag, with the family from its last document in the log
-- that gives one. `family` identifies families; a patent without one is a family of its own.
SELECT partition, entity, source, family_id, coalesce('F' || family_id, partition || ' ' || entity) AS family
FROM (
  SELECT n.partition, n.entity, n.source, (
    SELECT d.family_id FROM document AS d
    WHERE d.partition = n.partition AND d.entity = n.entity AND d.basis & :basis AND d.family_id IS NOT NULL
    ORDER BY d."offset" DESC LIMIT 1
  ) AS family_id
  FROM patent_note AS n
  WHERE n.what = 'tag' AND n.name = 'genai' AND n.basis & :basis
)
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
