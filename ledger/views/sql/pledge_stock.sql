-- Pledges in force on a day (:as_of), by industry (0: all) and currency: the sum of the differences of all years,
-- months and days up to it.
WITH span (first_period, last_period) AS (
  SELECT 0, :as_of / 10000 - 1
  UNION ALL SELECT :as_of / 10000 * 100, :as_of / 100 - 1
  UNION ALL SELECT :as_of / 100 * 100, :as_of
)
SELECT industry, currency, c.decimals, pledges, iif(c.number IS NULL, NULL, high + low / 1000000000000) AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  SELECT industry, currency,
    sum(iif(:basis = 1, recorded_events, corrected_events)) AS pledges,
    sum(iif(:basis = 1, recorded_high, corrected_high)) AS high,
    sum(iif(:basis = 1, recorded_low, corrected_low)) AS low
  FROM span CROSS JOIN summary ON kind = 101 AND period BETWEEN first_period AND last_period
  GROUP BY industry, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
WHERE pledges != 0
ORDER BY industry, c.code
