-- Pledges in force on a day (:as_of), by industry and currency: the sum of the differences of all years, months and days
-- up to it. Industry 0 is all of them.
SELECT industry, currency, c.decimals, pledges, iif(c.number IS NULL, NULL, high + low / 1000000000000) AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  SELECT industry, currency,
    sum(iif(:basis = 1, recorded_events, corrected_events)) AS pledges,
    sum(iif(:basis = 1, recorded_high, corrected_high)) AS high,
    sum(iif(:basis = 1, recorded_low, corrected_low)) AS low
  FROM summary
  WHERE kind = 101 AND (
    period < :as_of / 10000
    OR period BETWEEN :as_of / 10000 * 100 AND :as_of / 100 - 1
    OR period BETWEEN :as_of / 100 * 100 AND :as_of
  )
  GROUP BY industry, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
WHERE pledges != 0
ORDER BY industry, c.code
