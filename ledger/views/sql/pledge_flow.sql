-- Pledges (topic 1, kind 2) registered in a month (period 202305) or a year (202300), by region, right (-1: all rights),
-- industry and currency. A cell without a currency has a row only where nothing in it has one.
WITH spread(step, together) AS ( -- in its region, country and ALL; under its right and all rights
  VALUES (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)
),
monthly AS (
  SELECT region, "right", industry, currency, date / 100 AS month, sum(events) AS events, sum(with_amount) AS known,
    sum(high) AS high, sum(low) AS low
  FROM posting WHERE topic = 1 AND kind = 2 AND basis & :basis GROUP BY 1, 2, 3, 4, 5
),
cell AS (
  SELECT CASE step WHEN 0 THEN region WHEN 1 THEN substr(region, 1, 2) ELSE 'ALL' END AS region,
    iif(together, -1, "right") AS "right", industry, currency, iif(months.column1, month, month / 100 * 100) AS period,
    sum(events) AS events, sum(known) AS known, sum(high) + sum(low) / 1000000000000 AS high,
    sum(low) % 1000000000000 AS low
  FROM monthly CROSS JOIN spread CROSS JOIN (VALUES (0), (1)) AS months
  WHERE step != 1 OR length(region) > 2 GROUP BY 1, 2, 3, 4, 5
),
known AS (
  SELECT *, sum(events) OVER whole AS pledges, max(currency) OVER whole AS currencies,
    printf('%020d%012d', high, low) AS amount, -- a text that compares as the amount does, however large
    max(printf('%020d%012d', high, low)) OVER (
      PARTITION BY region, "right", industry, currency, period % 100 = 0 ORDER BY period
    ) AS highest
  FROM cell WHERE events != 0 WINDOW whole AS (PARTITION BY region, "right", industry, period)
)
SELECT iif(period % 100 = 0, CAST(period / 100 AS TEXT), printf('%d-%02d', period / 100, period % 100)) AS period,
  period / 100 AS year, nullif(period % 100, 0) AS month, region,
  iif(k."right" = -1, 'ALL', (SELECT name FROM constant WHERE family = 'right' AND number = k."right")) AS "right",
  industry, currency, c.decimals, pledges, known AS with_amount, iif(known != 0, high, NULL) AS amount_high,
  low AS amount_low, 1.0 * known / pledges AS coverage, iif(known != 0, amount = highest, NULL) AS record
FROM known AS k LEFT JOIN currency AS c ON c.number = currency
WHERE currency != 0 OR currencies = 0
ORDER BY k.period, industry, region != 'ALL', region, "right", c.code
