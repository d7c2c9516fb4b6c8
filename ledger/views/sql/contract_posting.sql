-- Postings of deals, each with the first event of its deal (`entity`), and the conveyance of the contract itself, from the row
-- that begins on the day of its record. Postings of a first event have its key; those of a later one find it by the subject.
SELECT p.kind, p.date, p.partition, coalesce(f.entity, s.entity) AS entity, p.region, p.industry, p.currency, p.events,
  p.with_amount, p.high, p.low, iif(p.kind = 13, coalesce(f.form, s.form), NULL) AS conveyance
FROM deal_posting AS p
-- licences (12): licence.recorded; assignments (13): assignment.recorded; else open_licence.declared
LEFT JOIN deal AS f ON f.partition = p.partition AND f.entity = p."offset" AND f.basis & :basis AND f.since = f.recorded_on
  AND f.type = CASE p.kind WHEN 12 THEN 220 WHEN 13 THEN 250 ELSE 260 END
LEFT JOIN deal AS s ON s.partition = p.partition AND s.entity = CASE WHEN f.entity IS NULL THEN (
    SELECT e."offset" FROM record AS r CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 4 AND e.subject = r.subject -- 4: deals
    WHERE r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
    ORDER BY e.topic, e.partition, e."offset" LIMIT 1
  ) END AND s.basis & :basis AND s.since = s.recorded_on
  AND s.type = CASE p.kind WHEN 12 THEN 220 WHEN 13 THEN 250 ELSE 260 END
WHERE coalesce(f.entity, s.entity) IS NOT NULL
