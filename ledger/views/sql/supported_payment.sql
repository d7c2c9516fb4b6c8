-- Payments to borrowers (290: loan.disbursed) and for them (310: loan.compensated, 480: loan.subsidised) up to a day
-- (:as_of), with their facts.
SELECT d.partition, d.entity, d.type, d.day, d.currency, d.minor,
  CAST(iif(a."offset" IS NULL, r.facts, a.facts) AS TEXT) AS facts
FROM loan_payment AS d
CROSS JOIN record AS r ON r.topic = 5 AND r.partition = d.partition AND r."offset" = d."offset" -- 5: loans
LEFT JOIN amended AS a ON a.topic = 5 AND a.partition = d.partition AND a."offset" = d."offset" AND :basis = 2
WHERE d.type IN (290, 310, 480) AND d.day <= :as_of AND d.basis & :basis
