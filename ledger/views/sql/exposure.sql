-- Exposure of a debtor in a currency on a day (:as_of): its pledges in force and its outstanding loans.
SELECT debtor, sums.name, currency, c.decimals, pledges, high + low / 1000000000000 AS secured_high,
  low % 1000000000000 AS secured_low, loans, loan_high + loan_low / 1000000000000 AS outstanding_high,
  loan_low % 1000000000000 AS outstanding_low
FROM (
  SELECT debtor, min(name) AS name, currency, count(DISTINCT pledge) AS pledges, count(DISTINCT loan) AS loans,
    coalesce(sum(high), 0) AS high, coalesce(sum(low), 0) AS low,
    coalesce(sum(loan_high), 0) AS loan_high, coalesce(sum(loan_low), 0) AS loan_low
  FROM debtor_contract
  GROUP BY debtor, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
ORDER BY debtor IS NULL, debtor, c.code
