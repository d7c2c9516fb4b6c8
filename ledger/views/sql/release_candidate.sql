-- Pledges in force with all assets that an unmatched release names, and the first of their pledgees that is a releasing party.
-- Names are compared in capitals, without points and commas, up to " AS " (AGENT).
SELECT d.partition, d."offset", d.release, d.partial, d.day, json_array_length(d.facts, '$.released') AS assets,
  p.partition AS pledged_in, p.entity, p.registered_on, s.currency, s.minor,
  (
    SELECT json_extract(l.value, '$.name')
    FROM json_each(coalesce(s.pledgees, p.pledgees)) AS l CROSS JOIN json_each(d.facts, d.by) AS b
    WHERE trim(replace(replace(upper(substr(json_extract(l.value, '$.name'), 1,
        instr(upper(json_extract(l.value, '$.name')) || ' AS ', ' AS ') - 1)), '.', ''), ',', ''))
      = trim(replace(replace(upper(substr(json_extract(b.value, '$.name'), 1,
        instr(upper(json_extract(b.value, '$.name')) || ' AS ', ' AS ') - 1)), '.', ''), ',', ''))
    LIMIT 1
  ) AS lender,
  (
    SELECT count(DISTINCT o.id) FROM pledge_asset AS o
    WHERE o.partition = p.partition AND o.entity = p.entity AND o.basis & :basis
      AND o.since <= d.day AND d.day < o.until
  ) AS pool
FROM released AS d
CROSS JOIN pledge_asset AS a
  ON a.id = json_extract(d.facts, '$.released[0]') AND a.basis & :basis AND a.since <= d.day AND d.day < a.until
CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
CROSS JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis
  AND s.since <= d.day AND d.day < s.until AND s.cancelled_on IS NULL
WHERE NOT EXISTS (
  SELECT 1 FROM json_each(d.facts, '$.released') AS x
  WHERE NOT EXISTS (
    SELECT 1 FROM pledge_asset AS o
    WHERE o.partition = p.partition AND o.entity = p.entity AND o.id = x.value AND o.basis & :basis
      AND o.since <= d.day AND d.day < o.until
  )
)
GROUP BY d.partition, d."offset", p.partition, p.entity -- once, if the pool names an asset twice
