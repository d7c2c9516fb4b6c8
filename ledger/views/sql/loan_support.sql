-- Support of a deal's loan up to a day (:as_of), by supporter and currency: payments to the borrower that name a guarantor
-- or an insurer, what guarantors, insurers, risk funds and others paid for the borrower, and interest subsidies.
SELECT e.subject AS deal, supporter, s.name, parties, s.currency, c.decimals,
  covered_high + covered_low / 1000000000000 AS covered_high, covered_low % 1000000000000 AS covered_low, payments, last_on,
  paid_high + paid_low / 1000000000000 AS compensated_high, paid_low % 1000000000000 AS compensated_low,
  subsidy_high + subsidy_low / 1000000000000 AS subsidised_high, subsidy_low % 1000000000000 AS subsidised_low
FROM (
  SELECT partition, entity, supporter, currency, min(name) AS name, count(DISTINCT name) AS parties,
    coalesce(sum(covered / 1000000000000), 0) AS covered_high, coalesce(sum(covered % 1000000000000), 0) AS covered_low,
    count(paid) + count(subsidy) AS payments, max(iif(covered IS NULL, day, NULL)) AS last_on,
    coalesce(sum(paid / 1000000000000), 0) AS paid_high, coalesce(sum(paid % 1000000000000), 0) AS paid_low,
    coalesce(sum(subsidy / 1000000000000), 0) AS subsidy_high, coalesce(sum(subsidy % 1000000000000), 0) AS subsidy_low
  FROM (
    SELECT partition, entity, day, currency, json_extract(facts, '$.paid_by') AS supporter, NULL AS name, NULL AS covered,
      minor AS paid, NULL AS subsidy
    FROM supported_payment WHERE type = 310
    UNION ALL
    SELECT partition, entity, day, currency, 'authority', json_extract(facts, '$.payer.name'), NULL, NULL, minor
    FROM supported_payment WHERE type = 480
    UNION ALL
    SELECT partition, entity, day, currency, role.column1, json_extract(facts, '$.' || role.column1 || '.name'), minor, NULL,
      NULL
    FROM supported_payment CROSS JOIN (VALUES ('guarantor'), ('insurer')) AS role
    WHERE type = 290 AND json_extract(facts, '$.' || role.column1) IS NOT NULL
  )
  GROUP BY partition, entity, supporter, currency
) AS s
CROSS JOIN record AS e ON e.topic = 5 AND e.partition = s.partition AND e."offset" = s.entity
LEFT JOIN currency AS c ON c.number = s.currency
ORDER BY e.subject, supporter, c.code
