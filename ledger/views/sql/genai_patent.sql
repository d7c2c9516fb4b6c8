-- Patents tagged `genai`: one row per patent, with the sources of the tag, the family from its last document in the log that
-- gives one, the first publication of any kind, and the countries of its inventors (JSON arrays). `family` identifies families; a
-- patent without one is a family of its own. Documents are read once, in the order of the key.
SELECT partition, entity, ipc, declared, model, family_id, published_on, countries,
  coalesce('F' || family_id, partition || ' ' || entity) AS family
FROM (
  SELECT n.*, (
      SELECT family_id FROM (
        SELECT d.family_id, max(d."offset") FROM document AS d
        WHERE d.partition = n.partition AND d.entity = n.entity AND d.basis & :basis AND d.family_id IS NOT NULL
      )
    ) AS family_id, (
      SELECT min(d.day) FROM document AS d -- 10: patent.granted, 90: patent.published
      WHERE d.partition = n.partition AND d.entity = n.entity AND d.basis & :basis AND d.type IN (10, 90)
    ) AS published_on, (
      SELECT group_concat(d.inventor_countries) FROM document AS d
      WHERE d.partition = n.partition AND d.entity = n.entity AND d.basis & :basis
    ) AS countries
  FROM (
    SELECT partition, entity, max(source = 'ipc') AS ipc, max(source = 'declared') AS declared, max(source = 'model') AS model
    FROM patent_note WHERE what = 'tag' AND name = 'genai' AND basis & :basis
    GROUP BY partition, entity
  ) AS n
  LIMIT -1 -- compute each column once
)
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
