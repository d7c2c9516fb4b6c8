-- Valuations that count on a day (:as_of), summed by purpose, platform, industry and year of completion, in their
-- currency and converted: one row per target and source of rates. A currency is its own target at factor 1.
SELECT purpose, platform, industry, year, currency, decimals, valuations, amount_high, amount_low, target, rate_source,
  with_rate, converted, first_rate_day, last_rate_day, oldest_rate_days
FROM (
  SELECT v.purpose, v.platform, v.industry, v.since / 10000 AS year, v.currency, c.code, c.decimals,
    count(*) AS valuations,
    sum(v.mid / 1000000000000) + sum(v.mid % 1000000000000) / 1000000000000 AS amount_high,
    sum(v.mid % 1000000000000) % 1000000000000 AS amount_low, target, s.rate_source,
    sum(c.code = target OR factor IS NOT NULL) AS with_rate,
    sum(v.mid * iif(c.code = target, 1.0, factor) / CAST('1' || substr('0000', 1, c.decimals) AS REAL)) AS converted,
    min(rated_on) AS first_rate_day, max(rated_on) AS last_rate_day, CAST(max(age) AS INTEGER) AS oldest_rate_days
  FROM valuation_on_day AS v
  CROSS JOIN currency AS c ON c.number = v.currency
  CROSS JOIN (SELECT 'CNY' AS target UNION ALL SELECT 'USD')
  CROSS JOIN (
    SELECT rate_source FROM (SELECT 1) LEFT JOIN (
      SELECT rate_source FROM fx_rate WHERE day <= :as_of AND basis & :basis GROUP BY rate_source
    )
  ) AS s
  LEFT JOIN (
    SELECT rate_source, sold, bought, day, rated_on, age,
      iif(first_inverted, 1 / CAST(first_rate AS REAL), CAST(first_rate AS REAL)) * CASE second_inverted
        WHEN 0 THEN CAST(second_rate AS REAL) WHEN 1 THEN 1 / CAST(second_rate AS REAL) ELSE 1.0 END AS factor
    FROM exchange_rate GROUP BY rate_source, sold, bought, day
  ) AS r ON r.rate_source = s.rate_source AND r.sold = c.code AND r.bought = target AND r.day = v.as_of
  GROUP BY 1, 2, 3, 4, 5, target, s.rate_source
)
ORDER BY year, purpose, platform, industry, code, target, rate_source
