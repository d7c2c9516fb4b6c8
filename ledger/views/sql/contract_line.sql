-- The lines that each contract adds to totals, by kind, day, region, industry (0: all) and currency. Fee and conveyance
-- are those of the contract itself, from the row that begins on the day of its record: a row of its first event, as all of a contract.
SELECT r.subject, p.kind, p.date, p.region, p.industry, p.currency, sum(p.events) AS events,
  sum(p.with_amount) AS with_amount, sum(p.high) + sum(p.low) / 1000000000000 AS high,
  sum(p.low) % 1000000000000 AS low, d.fee, iif(d.type = 250, d.form, NULL) AS conveyance -- 250: assignment.recorded
FROM deal_posting AS p
CROSS JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
CROSS JOIN deal AS d ON (d.partition, d.entity) = (
    SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 4 AND subject = r.subject -- 4: deals
    ORDER BY topic, partition, "offset" LIMIT 1
  ) AND d.basis & :basis AND d.since = d.recorded_on
  -- licences (12): licence.recorded; assignments (13): assignment.recorded; else open_licence.declared
  AND d.type = CASE p.kind WHEN 12 THEN 220 WHEN 13 THEN 250 ELSE 260 END
GROUP BY r.subject, p.kind, p.date, p.region, p.industry, p.currency HAVING sum(p.events) != 0
