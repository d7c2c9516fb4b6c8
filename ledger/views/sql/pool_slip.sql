-- Assets named twice in a registration, and assets released by a modification that were never in the pool.
SELECT 1 AS topic, a.partition, p."offset", e.subject, 'duplicate_asset' AS flag, a.id AS value, NULL AS expected,
  'named ' || (1 + count(DISTINCT b.ordinal)) || ' times in the pool' AS explanation
FROM pledge_asset AS a
JOIN pledge_asset AS b ON b.partition = a.partition AND b.entity = a.entity AND b.ordinal > a.ordinal
  AND b.id = a.id AND b."right" = a."right" AND b.since = a.since AND b.until = a.until -- in the pool for the same days
  AND b.basis & :basis
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * a.partition -- 1: pledges; read from a or a subject
  AND e.partition = a.partition AND e."offset" = a.entity
JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
  AND p.registered_on = a.since
WHERE a.partition >= 0 AND a.basis & :basis
GROUP BY a.partition, a.entity, a.id, a."right", a.since, p."offset", e.subject
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
