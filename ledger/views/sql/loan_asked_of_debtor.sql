-- Loans as they are on a day (:as_of) that can be of a debtor (:only): a payment to the borrower (290), or a pledge of the deal,
-- has the id or name in its text.
SELECT * FROM loan
WHERE since <= :as_of AND :as_of < until AND basis & :basis AND (partition, entity) IN (
  SELECT d.partition, d.entity
  FROM loan_payment AS d
  CROSS JOIN record AS r ON r.topic = 5 AND r.partition = d.partition AND r."offset" = d."offset" -- 5: loans
  LEFT JOIN amendment AS a ON a.topic = 5 AND a.partition = d.partition AND a."offset" = d."offset" AND :basis = 2
  CROSS JOIN json_each(:only) AS o
  WHERE d.type = 290 AND d.basis & :basis AND instr(
    iif(a."offset" IS NULL, r.facts, a.facts), CAST(substr(json_quote(o.value), 2, length(json_quote(o.value)) - 2) AS BLOB)
  )
  UNION
  SELECT e.partition, e."offset" FROM pledge_asked AS p
  CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 5 AND e.subject = p.deal_id
)
