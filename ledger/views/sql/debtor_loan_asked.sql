-- Loans that can have one of the debtors asked for: a payment or a pledge of the deal names it.
SELECT l.* FROM (
  SELECT partition, entity FROM loan_payment
  WHERE borrower IS NOT NULL AND coalesce(json_extract(borrower, '$[0].id'), json_extract(borrower, '$[0].name'))
    IN (SELECT debtor FROM debtor_asked)
  UNION
  SELECT r.partition, r."offset" FROM debtor_pledge AS p
  CROSS JOIN record AS r ON r.outcome = 1 AND r.topic = 5 AND r.subject = p.deal_id -- 5: loans
) AS k CROSS JOIN loan AS l ON l.partition = k.partition AND l.entity = k.entity
