-- R1 and R8: no owner pledges the patent, or not all do and consent is missing. Parties are compared by id if both have
-- one, else by name.
SELECT o.partition, o.entity, o.pledge, o.day, o.waivers, o.ordinal, o.id,
  iif(sum(pledges) = 0, 1, 8) AS ground,
  iif(sum(pledges) = 0, 'no pledgor is the patentee of record: ',
    'not all co-owners pledge it, and their consent is missing: ') || group_concat(name, '; ') AS words,
  NULL AS on_day, NULL AS more, NULL AS by_day
FROM (
  SELECT o.*, json_extract(owner.value, '$.name') AS name, EXISTS (
    SELECT 1 FROM json_each(o.pledgors) AS p
    WHERE iif(json_extract(p.value, '$.id') IS NULL OR json_extract(owner.value, '$.id') IS NULL,
      json_extract(p.value, '$.name') = json_extract(owner.value, '$.name'),
      json_extract(p.value, '$.id') = json_extract(owner.value, '$.id'))
  ) AS pledges
  FROM owned AS o CROSS JOIN json_each(o.owners) AS owner
  WHERE owner.json != o.pledgors -- the array read here
    AND o.pledgors != '[]' -- unknown
) AS o
GROUP BY o.partition, o.entity, o.day, o.ordinal, o.id, o.pledge
HAVING sum(pledges) = 0 OR sum(pledges) < count(*) AND NOT o.consent
