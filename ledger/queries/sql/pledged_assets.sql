-- Assets of pledges as registered, in the order of the registration, with the secured amount of the pledge, and the symbols of
-- the patent: of its grant, else of its publication, else of its filing (:granted, :published, :filed).
SELECT p.partition, p.entity, a.key AS ordinal, p.registered_on / 10000 AS year, p.region, p."right", p.currency, p.minor,
  json_extract(a.value, '$.industry') AS industry, json_extract(a.value, '$.appraised') AS appraised, (
    SELECT d.ipc
    FROM record AS f INDEXED BY record_by_subject
    CROSS JOIN document AS d ON d.partition = f.partition AND d.entity = f."offset" AND d.basis & :basis
    WHERE f.outcome = 1 AND f.topic = 2 AND f.subject = coalesce((
      SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
      FROM record AS g INDEXED BY record_by_subject
      CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
        AND k.since = k.granted_on
      WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= json_extract(a.value, '$.id') || 'A'
        AND g.subject < json_extract(a.value, '$.id') || '['
        AND length(g.subject) <= length(json_extract(a.value, '$.id')) + 2
    ), json_extract(a.value, '$.id')) AND d.ipc IS NOT NULL
    ORDER BY d.type = :granted DESC, d.type = :published DESC, d.type = :filed DESC
    LIMIT 1
  ) AS ipc
FROM pledge AS p
JOIN record AS r ON r.topic = 1 AND r.partition = p.partition AND r."offset" = p."offset"
LEFT JOIN amendment AS m ON m.topic = 1 AND m.partition = p.partition AND m."offset" = p."offset" AND :basis = 2
LEFT JOIN record AS c ON c.topic = m.topic AND c.partition = m.partition AND c."offset" = m.corrected_by
CROSS JOIN json_each(CAST(coalesce(c.facts, r.facts) AS TEXT), iif(c.facts IS NULL, '$.assets', '$[1].assets')) AS a
WHERE p.basis & :basis
