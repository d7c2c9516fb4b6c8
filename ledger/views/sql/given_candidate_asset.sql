-- Assets of given_candidate. Duplicates in a pool count once. `patent` is the id of the patent.
SELECT a.*, coalesce((
  SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
  FROM record AS g INDEXED BY record_by_subject
  CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
    AND k.since = k.granted_on
  WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
    AND length(g.subject) <= length(a.id) + 2
), a.id) AS patent
FROM (
  SELECT 0 AS partition, json_extract(c.value, '$.number') AS entity, min(a.key) AS ordinal,
    json_extract(c.value, '$.facts.occurred_on') AS since, CAST(json_extract(a.value, '$.id') AS TEXT) AS id,
    max(json_extract(a.value, '$.right'), 4) AS class
  FROM json_each(:candidates) AS c
  CROSS JOIN json_each(coalesce(json_extract(c.value, '$.facts.assets'), json_extract(c.value, '$.facts.added'))) AS a
  GROUP BY 1, 2, 4, 5, 6
) AS a
