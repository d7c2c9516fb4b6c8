-- Pledges registered in a month (period 202305) or a year (202300), by region, right (-1: all rights), industry and
-- currency. A cell has a row without a currency only if no amount in it has one.
SELECT * FROM (
WITH dated AS (
  SELECT region, "right", industry, currency, date / 100 AS period, sum(events) AS events, sum(with_amount) AS known,
    sum(high) AS high, sum(low) AS low
  FROM pledge_posting GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT region, "right", industry, currency, year * 100, iif(:basis = 1, recorded_events, corrected_events),
    iif(:basis = 1, recorded_with_amount, corrected_with_amount), iif(:basis = 1, recorded_high, corrected_high),
    iif(:basis = 1, recorded_low, corrected_low)
  FROM pledge_total
),
cell AS (
  SELECT area AS region, iif(together, -1, "right") AS "right", industry, currency, period, sum(events) AS events,
    sum(known) AS known, sum(high) + sum(low) / 1000000000000 AS high, sum(low) % 1000000000000 AS low
  FROM dated CROSS JOIN area USING (region) CROSS JOIN (SELECT 0 AS together UNION ALL SELECT 1)
  GROUP BY 5, 3, 2, 1, 4
),
counted AS (
  SELECT *, printf('%020d%012d', high, low) AS amount, -- text that compares like the amount, at any size
    sum(events) OVER whole AS pledges, max(currency) OVER whole AS currencies
  FROM cell WHERE events != 0 WINDOW whole AS (PARTITION BY period, industry, "right", region)
),
known AS (
  SELECT *, max(amount) OVER (
    PARTITION BY industry, "right", currency, region, period % 100 = 0 ORDER BY period ROWS UNBOUNDED PRECEDING
  ) AS highest
  FROM counted WHERE currency != 0 OR currencies = 0
)
SELECT iif(period % 100 = 0, CAST(period / 100 AS TEXT), printf('%d-%02d', period / 100, period % 100)) AS period,
  period / 100 AS year, nullif(period % 100, 0) AS month, region,
  iif(k."right" = -1, 'ALL', (SELECT name FROM constant WHERE family = 'right' AND number = k."right")) AS "right",
  industry, currency, c.decimals, pledges, known AS with_amount, iif(known != 0, high, NULL) AS amount_high,
  low AS amount_low, 1.0 * known / pledges AS coverage, iif(known != 0, amount = highest, NULL) AS record_high
FROM known AS k LEFT JOIN currency AS c ON c.number = currency
ORDER BY k.period, industry, region != 'ALL', region, "right", c.code
)
