-- Events of a kind from 1 January to a day (:as_of) with the same period of the year before, by region, right (-1:
-- all rights), industry and currency. A year before 29 February is shown as the 28th. A cell has a row without a
-- currency only if no amount in it has one.
SELECT * FROM (
WITH summed AS (
  SELECT kind, region, "right", industry, currency, now, sum(events) AS events, sum(with_amount) AS known,
    sum(high) AS high, sum(low) AS low
  FROM posting_to_date GROUP BY 1, 2, 3, 4, 5, 6
),
cell AS (
  SELECT kind, area AS region, iif(together, -1, "right") AS "right", industry, currency,
    sum(iif(now, events, 0)) AS events, sum(iif(now, known, 0)) AS known, sum(iif(now, high, 0)) AS high,
    sum(iif(now, low, 0)) AS low, sum(iif(now, 0, events)) AS events_before, sum(iif(now, 0, known)) AS known_before,
    sum(iif(now, 0, high)) AS high_before, sum(iif(now, 0, low)) AS low_before
  FROM summed CROSS JOIN area USING (region) CROSS JOIN (SELECT 0 AS together UNION ALL SELECT 1)
  GROUP BY 1, 2, 3, 4, 5
),
known AS (
  SELECT kind, region, "right", industry, currency, sum(events) OVER whole AS events, known,
    iif(known != 0, high + low / 1000000000000, NULL) AS high, low % 1000000000000 AS low,
    sum(events_before) OVER whole AS events_before, known_before,
    iif(known_before != 0, high_before + low_before / 1000000000000, NULL) AS high_before,
    low_before % 1000000000000 AS low_before, max(currency) OVER whole AS currencies
  FROM cell WHERE events != 0 OR events_before != 0 WINDOW whole AS (PARTITION BY kind, region, "right", industry)
)
SELECT kind AS metric, region,
  iif(k."right" = -1, 'ALL', (SELECT name FROM constant WHERE family = 'right' AND number = k."right")) AS "right",
  industry, currency, c.decimals, :as_of / 10000 * 10000 + 101 AS first_day, :as_of AS last_day, events,
  known AS with_amount, high AS amount_high, low AS amount_low,
  :as_of - 10000 - (:as_of % 10000 = 229) AS last_day_before, events_before, known_before AS with_amount_before,
  high_before AS amount_before_high, low_before AS amount_before_low,
  ((high - high_before) * 1000000000000.0 + (low - low_before))
    / nullif(max(high_before * 1000000000000.0 + low_before, 0), 0) AS growth,
  1.0 * (events - events_before) / nullif(events_before, 0) AS events_growth
FROM known AS k LEFT JOIN currency AS c ON c.number = currency
WHERE currency != 0 OR currencies = 0
ORDER BY kind, industry, region != 'ALL', region, "right", c.code
)
