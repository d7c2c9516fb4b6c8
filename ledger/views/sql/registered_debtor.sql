-- Registrations of pledges with their debtors, a JSON array: the debtor that the registration names, else its pledgors.
SELECT partition, entity, "offset", registered_on, region, deal_id,
  iif(debtor IS NULL, pledgors, '[' || debtor || ']') AS debtors
FROM (
  SELECT p.*, json_extract(CAST(iif(a."offset" IS NULL, r.facts, a.facts) AS TEXT), '$.debtor') AS debtor
  FROM pledge AS p
  CROSS JOIN record AS r ON r.topic = 1 AND r.partition = p.partition AND r."offset" = p."offset" -- 1: pledges
  LEFT JOIN amendment AS a ON a.topic = 1 AND a.partition = p.partition AND a."offset" = p."offset" AND :basis = 2
  WHERE p.basis & :basis
)
