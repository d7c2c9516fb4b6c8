-- Postings behind the totals, each with its event. The facts of a correction or void (types that do not end in 0) begin
-- with the id of the target.
SELECT p.kind, p.date / 10000 AS year, p.date, p.region, p."right", p.industry, p.currency, c.decimals, p.events,
  p.with_amount, p.high AS amount_high, p.low AS amount_low, p.topic, p.partition, p."offset",
  r.timestamp AS broker_timestamp, r.type, r.source, r.id, r.subject, r.type % 10 != 0 AS restated, iif(r.type % 10 != 0, json_extract(r.facts, '$[0]'), NULL) AS target,
  (SELECT value FROM meta WHERE name = 'industry_map') AS industry_map,
  (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'fold_version') AS fold_version
FROM posting AS p
JOIN record AS r ON r.outcome = 1 AND r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
  AND r."offset" / 4096 = p.block
LEFT JOIN currency AS c ON c.number = p.currency
WHERE unlikely(p.basis & :basis) -- read from the posting or a subject
ORDER BY p.topic, p.partition, p.block, p."offset", p.kind, p.date, p.region, p."right", p.industry, p.currency
