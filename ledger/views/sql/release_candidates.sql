-- Pledges that an unmatched cancellation (type 40) or release of a part (type 30) may be about, if it names the released
-- assets and the releasing parties: each is in force on that day, has all these assets in its pool, and one of its pledgees is a releasing party.
-- Names are compared in capitals, without points and commas, up to " AS " (AGENT).
WITH released AS (
  SELECT w.partition, w."offset", r.subject AS release, r.type = 30 AS partial, iif(a."offset" IS NULL, r.occurred_on, a.occurred_on) AS day,
    iif(a."offset" IS NULL, CAST(r.facts AS TEXT), json_extract(CAST(c.facts AS TEXT), '$[1]')) AS facts,
    iif(r.type = 30, '$.releasing', '$.pledgees') AS by
  FROM waiting AS w
  JOIN record AS r ON r.outcome = 1 AND r.topic = w.topic AND r.partition = w.partition AND r."offset" = w."offset"
  LEFT JOIN amendment AS a ON a.topic = w.topic AND a.partition = w.partition AND a."offset" = w."offset" AND :basis = 2
  LEFT JOIN record AS c ON c.topic = a.topic AND c.partition = a.partition AND c."offset" = a.corrected_by
  WHERE w.topic = 1 AND w.basis = :basis AND w.reason = 'registration_missing' AND r.type IN (30, 40)
),
candidate AS (
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
)
SELECT c.release, c.day AS released_on, c.partial, c.assets, e.subject AS pledge, c.registered_on, c.pool, c.lender,
  (
    SELECT count(*) FROM candidate AS k
    WHERE k.partition = c.partition AND k."offset" = c."offset" AND k.lender IS NOT NULL
  ) AS candidates,
  c.currency, u.decimals, c.minor / 1000000000000 AS secured_high, c.minor % 1000000000000 AS secured_low
FROM candidate AS c
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.partition = c.pledged_in AND e."offset" = c.entity
LEFT JOIN currency AS u ON u.number = c.currency
WHERE c.lender IS NOT NULL
ORDER BY c.day, c.release, c.registered_on, e.subject
