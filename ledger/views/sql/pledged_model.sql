-- Pledged utility models (right 2), with the names of their applicants at grant (type 10).
SELECT a.partition, a.entity, a.pledge, a.day, a.waivers, a.ordinal, a.id, p.office, p.filed_on, (
  SELECT group_concat(name, char(10)) FROM (
    SELECT json_extract(value, '$.name') AS name FROM json_each(u.applicants) ORDER BY name
  )
) AS applicants
FROM judged_asset AS a
CROSS JOIN patent AS p ON p.partition = a.patent >> 48 AND p.entity = a.patent & 281474976710655 AND p.basis & :basis
  AND p."right" = 2
  AND p.since <= a.day AND a.day < p.until
CROSS JOIN document AS u ON u.partition = p.partition AND u.entity = p.entity AND u.basis & :basis AND u.type = 10
WHERE a.class = 4
