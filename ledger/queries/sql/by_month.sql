-- A kind of total by month up to a day (:as_of), from the month :months before, for the whole of all industries (0), by
-- currency. Events are those in any currency; the month of the day ends with the day.
WITH span (first_period, last_period) AS (
  SELECT (:as_of / 10000 * 12 + :as_of / 100 % 100 - 1 - :months) / 12 * 100
    + (:as_of / 10000 * 12 + :as_of / 100 % 100 - 1 - :months) % 12 + 1, :as_of / 100 - 1
  UNION ALL SELECT :as_of / 100 * 100 + 1, :as_of
),
sums AS (
  SELECT iif(period > 999999, period / 100, period) AS month, currency,
    sum(iif(:basis = 1, recorded_events, corrected_events)) AS own,
    sum(iif(:basis = 1, recorded_with_amount, corrected_with_amount)) AS with_amount,
    sum(iif(:basis = 1, recorded_high, corrected_high)) AS high, sum(iif(:basis = 1, recorded_low, corrected_low)) AS low
  FROM span CROSS JOIN summary ON kind = :kind AND period BETWEEN first_period AND last_period AND industry = 0
  GROUP BY month, currency
)
SELECT month / 100 AS year, month % 100 AS month, c.code, s.currency, c.decimals, with_amount,
  sum(own) OVER (PARTITION BY month) AS events,
  iif(with_amount != 0, high + low / 1000000000000, NULL) AS amount_high,
  iif(with_amount != 0, low % 1000000000000, NULL) AS amount_low
FROM sums AS s LEFT JOIN currency AS c ON c.number = s.currency
ORDER BY year, month, c.code
