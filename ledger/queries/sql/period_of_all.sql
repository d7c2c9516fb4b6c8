-- A kind of total from 1 January to the month-day of a day (:as_of), in each year up to the day's, by industry and
-- currency. Whole months come from the sums by month, the rest from those by day.
SELECT year, industry, currency, sum(iif(:basis = 1, recorded_events, corrected_events)) AS events,
  sum(iif(:basis = 1, recorded_with_amount, corrected_with_amount)) AS known,
  sum(iif(:basis = 1, recorded_high, corrected_high)) AS high, sum(iif(:basis = 1, recorded_low, corrected_low)) AS low
FROM (
  SELECT year, year * 100 + 1 AS first_period, year * 100 + :as_of / 100 % 100 - 1 AS last_period FROM years
  UNION ALL SELECT year, (year * 100 + :as_of / 100 % 100) * 100 + 1, year * 10000 + :as_of % 10000 FROM years
) AS span CROSS JOIN summary ON kind = :kind AND period BETWEEN first_period AND last_period
GROUP BY year, industry, currency
