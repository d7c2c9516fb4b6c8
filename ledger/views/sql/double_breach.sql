-- R9: the asset is in the pool of another pledge on the day judged. Names the pledge registered first.
SELECT c.partition, c.entity, c.pledge, c.day, c.waivers, a.place, a.id, 9 AS ground,
  'pledged already: ' || substr(min(q.registered_on || ' ' || e.subject), 10) || ', registered on ' AS words,
  min(q.registered_on) AS on_day, NULL AS more, NULL AS by_day
FROM candidate AS c
JOIN candidate_asset AS a ON a.partition = c.partition AND a.entity = c.entity AND a.since = c.day
CROSS JOIN pledge_asset AS o ON o.id = a.id AND max(o."right", 4) = a.class AND o.basis & :basis
  AND o.since <= c.day AND c.day < o.until
CROSS JOIN pledge AS q ON q.partition = o.partition AND q.entity = o.entity AND q.basis & :basis
CROSS JOIN record AS e ON e.topic = 1 AND e.partition = q.partition AND e."offset" = q.entity AND e.subject != c.pledge
GROUP BY c.partition, c.entity, c.day, a.place, a.id, c.pledge
