-- R9: the asset is in the pool of another pledge on the day judged. Names the pledge registered first. The pledge itself is
-- left out by its ordinal, as far as the book has it, in the index of ids (`i`).
SELECT a.partition, a.entity, a.pledge, a.day, a.waivers, a.ordinal, a.id, 9 AS ground,
  'pledged already: ' || substr(min(q.registered_on || ' ' || e.subject), 10) || ', registered on ' AS words,
  min(q.registered_on) AS on_day, NULL AS more, NULL AS by_day
FROM judged_asset AS a
CROSS JOIN pledge_asset AS i ON i.id = a.id AND (i.partition, i.entity) IS NOT (a.own_partition, a.entity)
  AND i.basis & :basis AND i.since <= a.day
CROSS JOIN pledge_asset AS o ON o.partition = i.partition AND o.entity = i.entity AND o.basis = i.basis
  AND o.ordinal = i.ordinal AND o.since = i.since AND max(o."right", 4) = a.class AND a.day < o.until
CROSS JOIN pledge AS q ON q.partition = o.partition AND q.entity = o.entity AND q.basis & :basis
CROSS JOIN record AS e ON e.topic = 1 AND e.partition = q.partition AND e."offset" = q.entity AND e.subject != a.pledge
GROUP BY a.partition, a.entity, a.day, a.ordinal, a.id, a.pledge
