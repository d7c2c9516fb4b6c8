-- Assets of given_candidate. Duplicates in a pool count once.
SELECT 0 AS partition, json_extract(c.value, '$.number') AS entity, min(a.key) AS place,
  json_extract(c.value, '$.facts.occurred_on') AS since, CAST(json_extract(a.value, '$.id') AS TEXT) AS id,
  max(json_extract(a.value, '$.right'), 4) AS class
FROM json_each(:candidates) AS c
CROSS JOIN json_each(coalesce(json_extract(c.value, '$.facts.assets'), json_extract(c.value, '$.facts.added'))) AS a
GROUP BY 1, 2, 4, 5, 6
