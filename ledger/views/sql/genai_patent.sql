-- Patents tagged `genai`, one row each patent and source of the tag, with the family that the last of its documents in
-- the log gives; `family` tells families apart, a patent without one being a family of its own.
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
LIMIT -1 -- it is read more than once: so SQLite does not unfold it
