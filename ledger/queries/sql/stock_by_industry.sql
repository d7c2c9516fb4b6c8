-- A kind of stock (101 pledges, 102 patents, 103 trademarks) on a day (:as_of), by industry (0: all) and currency: the
-- sum of the differences of the years and months before it, and of each region's days of its month.
WITH RECURSIVE known (region) AS (
  SELECT min(region) FROM stock WHERE kind = :kind
  UNION ALL
  SELECT (SELECT min(s.region) FROM stock AS s WHERE s.kind = :kind AND s.region > known.region) FROM known
  WHERE known.region IS NOT NULL
),
difference AS (
  SELECT s.* FROM (
    SELECT 0 AS first_period, :as_of / 10000 - 1 AS last_period
    UNION ALL SELECT :as_of / 10000 * 100, :as_of / 100 - 1
  ) CROSS JOIN summary AS s ON kind = :kind AND period BETWEEN first_period AND last_period
  UNION ALL
  SELECT s.kind, s.date, s.industry, s.currency, s.recorded_events, s.recorded_with_amount, s.recorded_high,
    s.recorded_low, s.corrected_events, s.corrected_with_amount, s.corrected_high, s.corrected_low
  FROM known CROSS JOIN stock AS s
    ON s.kind = :kind AND s.region = known.region AND s.date BETWEEN :as_of / 100 * 100 AND :as_of
)
SELECT industry, currency, c.decimals, :as_of AS day, in_force,
  iif(c.number IS NULL, NULL, high + low / 1000000000000) AS amount_high, low % 1000000000000 AS amount_low
FROM (
  SELECT industry, currency,
    sum(iif(:basis = 1, recorded_events, corrected_events)) AS in_force,
    sum(iif(:basis = 1, recorded_high, corrected_high)) AS high,
    sum(iif(:basis = 1, recorded_low, corrected_low)) AS low
  FROM difference
  GROUP BY industry, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
WHERE in_force != 0
ORDER BY industry, c.code
