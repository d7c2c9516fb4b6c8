-- A kind of total by year, industry (0: all) and currency, with the year before. A row has no currency only if no
-- event of the year and industry has one. A year without events has no row.
WITH yearly AS (
  SELECT period AS year, industry, currency,
    iif(:basis = 1, recorded_events, corrected_events) AS own,
    iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS with_amount,
    iif(:basis = 1, recorded_high, corrected_high) AS high,
    iif(:basis = 1, recorded_low, corrected_low) AS low
  FROM summary WHERE kind = :kind AND period <= 9999
),
known AS (
  SELECT year, industry, currency, with_amount, sum(own) OVER whole AS events, max(currency) OVER whole AS currencies,
    iif(with_amount != 0, high + low / 1000000000000, NULL) AS amount_high,
    iif(with_amount != 0, low % 1000000000000, NULL) AS amount_low
  FROM yearly WHERE own != 0
  WINDOW whole AS (PARTITION BY industry, year)
),
compared AS (
  SELECT *, max(events) OVER last_year_of_all AS events_before,
    max(amount_high) OVER last_year AS amount_before_high, max(amount_low) OVER last_year AS amount_before_low
  FROM known
  WINDOW last_year AS (PARTITION BY industry, currency ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING),
    last_year_of_all AS (PARTITION BY industry ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING)
)
SELECT b.*, c.decimals,
  iif(events_before > 0, 1.0 * (events - events_before) / events_before, NULL) AS events_growth,
  iif((amount_before_high, amount_before_low) > (0, 0),
    ((amount_high - amount_before_high) * 1e12 + (amount_low - amount_before_low))
    / (amount_before_high * 1e12 + amount_before_low), NULL) AS growth
FROM compared AS b LEFT JOIN currency AS c ON c.number = b.currency
WHERE b.currency != 0 OR currencies = 0
ORDER BY year, industry, c.code
