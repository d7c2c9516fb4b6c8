-- Slips other than amounts: days as YYYYMMDD, and ids of assets. Pledges are topic 1, patents topic 2. Slips are
-- unlikely: read from the rows, or from a subject.
SELECT r.topic, r.partition, r."offset", r.subject, 'future' AS flag, r.occurred_on AS value,
  CAST(strftime('%Y%m%d', max(r.timestamp, 0) / 1000, 'unixepoch', '+1 day') AS INTEGER) AS expected,
  'dated later than the day after the broker took it' AS explanation
FROM record AS r
WHERE r.outcome = 1 AND r.topic > 0 -- by the key, unless a subject is asked for
  AND r.type / 10 != 38 -- policies may be in the future
  AND r.occurred_on / 10000 * 12 + r.occurred_on / 100 % 100 >= 23640 + r.timestamp / 2629746000 -- cheap estimate in mean months
  AND r.occurred_on > CAST(strftime('%Y%m%d', max(r.timestamp, 0) / 1000, 'unixepoch', '+1 day') AS INTEGER)
  AND iif(:basis = 1, r.type % 10 = 0, NOT EXISTS (
    SELECT 1 FROM amendment AS a WHERE a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset"
  ))
UNION ALL
SELECT topic, partition, "offset", subject, 'before_1985', day, 19850401,
  'before the first day of the Chinese Patent Law'
FROM statement WHERE topic = 2 AND day < 19850401 AND subject LIKE 'CN%'
UNION ALL
SELECT e.topic, p.partition, p."offset", e.subject, 'before_1985', p.registered_on, 19850401,
  'before the first day of the Chinese Patent Law'
FROM pledge AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
WHERE p.basis & :basis AND unlikely(p.registered_on < 19850401) AND p.region LIKE 'CN%'
UNION ALL
SELECT e.topic, p.partition, p."offset", e.subject, 'debt_period', p.debt_to,
  max(p.registered_on, coalesce(p.debt_from, 0)), 'the debt may be performed until before '
    || iif(p.debt_from > p.registered_on, 'its period begins', 'the registration')
FROM pledge AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
WHERE p.basis & :basis AND unlikely(p.debt_to < max(p.registered_on, coalesce(p.debt_from, 0)))
UNION ALL
SELECT e.topic, e.partition, g."offset", e.subject, 'granted_before_filing', g.day,
  coalesce(g.filed_on, f.day), 'granted before it was filed'
FROM document AS g
JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * g.partition AND e.partition = g.partition AND e."offset" = g.entity
LEFT JOIN document AS f ON g.filed_on IS NULL AND f.partition = g.partition AND f.entity = g.entity
  AND f.basis & :basis AND f.type = 80 -- 80: patent.filed, 10: patent.granted
WHERE g.partition >= 0 AND g.basis & :basis AND unlikely(g.type = 10) AND g.day < coalesce(g.filed_on, f.day)
UNION ALL
SELECT c.topic, c.partition, c."offset", c.subject, 'ceased_before_grant', c.day, p.granted_on,
  'not in force before it was granted'
FROM patent AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
CROSS JOIN statement AS c ON c.subject = e.subject AND c.topic = 2 AND c.family = 100 -- 100: patent.ceased
WHERE p.basis & :basis AND p.since = p.granted_on AND unlikely(p.ended_on < p.granted_on) AND c.day < p.granted_on
