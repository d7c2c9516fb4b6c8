-- R9: the asset is in the pool of another pledge on the day judged. Names the pledge registered first.
SELECT a.partition, a.entity, a.pledge, a.day, a.waivers, a.place, a.id, 9 AS ground,
  'pledged already: ' || substr(min(q.registered_on || ' ' || e.subject), 10) || ', registered on ' AS words,
  min(q.registered_on) AS on_day, NULL AS more, NULL AS by_day
FROM judged_asset AS a
CROSS JOIN pledge_asset AS o ON o.id = a.id AND max(o."right", 4) = a.class AND o.basis & :basis
  AND o.since <= a.day AND a.day < o.until
CROSS JOIN pledge AS q ON q.partition = o.partition AND q.entity = o.entity AND q.basis & :basis
CROSS JOIN record AS e ON e.topic = 1 AND e.partition = q.partition AND e."offset" = q.entity AND e.subject != a.pledge
GROUP BY a.partition, a.entity, a.day, a.place, a.id, a.pledge
