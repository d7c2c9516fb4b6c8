-- Differences of pledges in force (kind 101) up to a day (:as_of), by industry (0: all) and currency: those of the years and
-- months before it, and of each region's days of its month.
SELECT industry, currency, iif(:basis = 1, recorded_events, corrected_events) AS pledges,
  iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low
FROM (
  SELECT 0 AS first_period, :as_of / 10000 - 1 AS last_period
  UNION ALL SELECT :as_of / 10000 * 100, :as_of / 100 - 1
) CROSS JOIN summary ON kind = 101 AND period BETWEEN first_period AND last_period
UNION ALL
SELECT industry, currency, iif(:basis = 1, recorded_events, corrected_events),
  iif(:basis = 1, recorded_high, corrected_high), iif(:basis = 1, recorded_low, corrected_low)
FROM (
  WITH RECURSIVE known (region) AS (
    SELECT min(region) FROM stock WHERE kind = 101
    UNION ALL
    SELECT (SELECT min(s.region) FROM stock AS s WHERE s.kind = 101 AND s.region > known.region) FROM known
    WHERE known.region IS NOT NULL
  )
  SELECT region FROM known
) AS known CROSS JOIN stock AS s
  ON s.kind = 101 AND s.region = known.region AND s.date BETWEEN :as_of / 100 * 100 AND :as_of
