-- What each contract adds to totals: a row for each kind, day, region, industry (0: all together) and currency. Fee and
-- conveyance are what the contract says of itself.
SELECT r.subject, p.kind, p.date, p.region, p.industry, p.currency, sum(p.events) AS events,
  sum(p.with_amount) AS with_amount, sum(p.high) + sum(p.low) / 1000000000000 AS high,
  sum(p.low) % 1000000000000 AS low, c.fee, c.conveyance
FROM posting AS p
CROSS JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
JOIN (
  SELECT e.subject, d.type, d.fee, iif(d.type = 250, d.form, NULL) AS conveyance -- 250: assignment.recorded
  FROM deal AS d
  CROSS JOIN record AS e ON e.topic = 4 AND e.partition = d.partition AND e."offset" = d.entity
  WHERE d.basis & :basis GROUP BY e.subject, d.type
) AS c ON c.subject = r.subject
  -- of licences (12) licence.recorded, of assignments (13) assignment.recorded, else open_licence.declared
  AND c.type = CASE p.kind WHEN 12 THEN 220 WHEN 13 THEN 250 ELSE 260 END
WHERE p.topic = 4 AND p.basis & :basis -- 4: deals
GROUP BY r.subject, p.kind, p.date, p.region, p.industry, p.currency HAVING sum(p.events) != 0
