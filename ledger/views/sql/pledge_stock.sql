-- Pledges in force on a day (:as_of), by industry (0: all) and currency: the sum of the differences up to it.
SELECT industry, currency, c.decimals, pledges, iif(c.number IS NULL, NULL, high + low / 1000000000000) AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  SELECT industry, currency, sum(pledges) AS pledges, sum(high) AS high, sum(low) AS low
  FROM pledge_difference
  GROUP BY industry, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
WHERE pledges != 0
ORDER BY industry, c.code
