-- Loans with something outstanding on a day (:as_of), by debtor (its id, else its name; NULL if none is named): the
-- borrower that the earliest payment to a borrower names, else the first debtor of the deal's first pledge.
SELECT partition, entity, region, currency, high, low,
  coalesce(json_extract(party, '$.id'), json_extract(party, '$.name')) AS debtor, json_extract(party, '$.name') AS name
FROM (
  SELECT l.partition, l.entity, l.region, l.currency, l.high + l.low / 1000000000000 AS high,
    l.low % 1000000000000 AS low, coalesce(
      (
        SELECT json_extract(d.borrower, '$[0]') FROM loan_payment AS d
        WHERE d.partition = l.partition AND d.entity = l.entity AND d.type = 290 AND d.day <= :as_of -- 290: loan.disbursed
          AND d.basis & :basis AND d.borrower IS NOT NULL
        ORDER BY d.day, d."offset" LIMIT 1
      ),
      (
        SELECT json_extract(p.debtors, '$[0]') FROM registered_debtor AS p
        WHERE p.deal_id = e.subject AND p.registered_on <= :as_of
        ORDER BY p.registered_on, p.partition, p."offset" LIMIT 1
      )
    ) AS party
  FROM (
    SELECT *, disbursed_high - repaid_high - compensated_high - 2 AS high, -- the low half is never negative
      disbursed_low - repaid_low - compensated_low + 2000000000000 AS low
    FROM debtor_loan WHERE since <= :as_of AND :as_of < until AND basis & :basis
  ) AS l
  CROSS JOIN record AS e ON e.topic = 5 AND e.partition = l.partition AND e."offset" = l.entity
)
WHERE (high, low) > (0, 0)
