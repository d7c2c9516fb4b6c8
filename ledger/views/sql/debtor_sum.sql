-- Sums of each debtor in a currency (0: undisclosed) on a day (:as_of): pledges in force, and outstanding loans.
SELECT 'pledges' AS among, debtor, min(region) AS region, coalesce(currency, 0) AS currency, sum(first) AS contracts,
  sum(part / 1000000000000) + sum(part % 1000000000000) / 1000000000000 AS high,
  sum(part % 1000000000000) % 1000000000000 AS low
FROM pledge_of_debtor GROUP BY debtor, currency
UNION ALL
SELECT 'loans', debtor, min(region), currency, count(*), sum(high) + sum(low) / 1000000000000, sum(low) % 1000000000000
FROM loan_of_debtor GROUP BY debtor, currency
