-- A kind of total from 1 January to a day (:as_of), with the same days of the year before, by industry (0: all) and
-- currency, from the sums of both years (`period`). A year before 29 February is a number that is not a date: it compares
-- correctly. A row has no currency only if no event of the industry has one.
sides AS (
  SELECT industry, currency, sum(iif(now, events, 0)) AS own, sum(iif(now, 0, events)) AS own_before,
    sum(iif(now, known, 0)) AS with_amount, sum(iif(now, 0, known)) AS with_amount_before,
    sum(iif(now AND known != 0, high + low / 1000000000000, NULL)) AS amount_high,
    sum(iif(now AND known != 0, low % 1000000000000, NULL)) AS amount_low,
    sum(iif(now OR known = 0, NULL, high + low / 1000000000000)) AS amount_before_high,
    sum(iif(now OR known = 0, NULL, low % 1000000000000)) AS amount_before_low
  FROM (SELECT *, year = :as_of / 10000 AS now FROM period WHERE events != 0)
  GROUP BY industry, currency
)
SELECT s.*, c.decimals, :as_of / 10000 * 10000 + 101 AS first_day, :as_of AS last_day,
  :as_of - 10000 - (:as_of % 10000 = 229) AS last_day_before,
  iif(events_before > 0, 1.0 * (events - events_before) / events_before, NULL) AS events_growth,
  iif((amount_before_high, amount_before_low) > (0, 0),
    ((amount_high - amount_before_high) * 1e12 + (amount_low - amount_before_low))
    / (amount_before_high * 1e12 + amount_before_low), NULL) AS growth
FROM (
  SELECT *, sum(own) OVER whole AS events, sum(own_before) OVER whole AS events_before,
    max(currency) OVER whole AS currencies
  FROM sides WINDOW whole AS (PARTITION BY industry)
) AS s LEFT JOIN currency AS c ON c.number = s.currency
WHERE s.currency != 0 OR currencies = 0
ORDER BY industry, c.code
