-- Assets named twice in a registration, and assets released by a modification that were never in the pool.
SELECT e.topic, a.partition, p."offset", e.subject, 'duplicate_asset' AS flag, a.id AS value, NULL AS expected,
  'named ' || a.times || ' times in the pool' AS explanation
FROM (
  SELECT a.partition, a.entity, a.id, a.since, 1 + count(DISTINCT b.place) AS times
  FROM pledge_asset AS a
  CROSS JOIN pledge_asset AS b ON b.partition = a.partition AND b.entity = a.entity AND b.place > a.place
    AND b.id = a.id AND b."right" = a."right" AND b.since = a.since AND b.until = a.until -- in the pool for the same days
  WHERE a.basis & :basis AND b.basis & :basis
  GROUP BY a.partition, a.entity, a.id, a."right", a.since
) AS a
CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
  AND p.registered_on = a.since
CROSS JOIN record AS e ON e.topic = 1 AND e.partition = p.partition AND e."offset" = p.entity
UNION ALL
SELECT m.topic, m.partition, m."offset", m.subject, 'released_unknown', released.value, NULL,
  'released, and not in the pool'
FROM statement AS m CROSS JOIN json_each(m.facts, '$.released') AS released
WHERE m.topic = 1 AND m.family = 30 -- 30: pledge.modified
  AND NOT EXISTS (
    SELECT 1 FROM pledge_asset AS a
    CROSS JOIN record AS e ON e.topic = 1 AND e.partition = a.partition AND e."offset" = a.entity
    WHERE a.id = released.value AND a.basis & :basis AND e.subject = m.subject
  )
  AND NOT EXISTS (
    SELECT 1 FROM statement AS n CROSS JOIN json_each(n.facts, '$.added') AS added
    WHERE n.subject = m.subject AND n.topic = 1 AND n.family = 30 AND json_extract(added.value, '$.id') = released.value
  )
