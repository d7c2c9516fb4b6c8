-- Payments as in supported_payment, of the loans of deals in :only.
SELECT d.partition, d.entity, d.type, d.day, d.currency, d.minor,
  CAST(iif(a."offset" IS NULL, r.facts, a.facts) AS TEXT) AS facts
FROM (
  SELECT f.partition, f."offset" AS entity
  FROM json_each(:only) AS asked
  CROSS JOIN record AS f ON f.outcome = 1 AND f.subject = asked.value AND f.topic = 5 -- 5: loans
  GROUP BY f.partition, f."offset"
) AS e
CROSS JOIN loan_payment AS d ON d.partition = e.partition AND d.entity = e.entity
CROSS JOIN record AS r ON r.topic = 5 AND r.partition = d.partition AND r."offset" = d."offset"
LEFT JOIN amended AS a ON a.topic = 5 AND a.partition = d.partition AND a."offset" = d."offset" AND :basis = 2
WHERE d.type IN (290, 310, 480) AND d.day <= :as_of AND d.basis & :basis
