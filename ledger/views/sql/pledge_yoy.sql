-- Pledges (kind 2) registered in a year, with the year before, by region, right (-1: all rights), industry and
-- currency, corrected and recorded. A cell has a row without a currency only if on a basis that has pledges no amount in
-- it has one.
SELECT * FROM (
WITH cell AS (
  SELECT area AS region, iif(together, -1, "right") AS "right", industry, currency, year,
    sum(corrected_events) AS events, sum(corrected_with_amount) AS known,
    sum(corrected_high) + sum(corrected_low) / 1000000000000 AS high, sum(corrected_low) % 1000000000000 AS low,
    sum(recorded_events) AS recorded_events, sum(recorded_with_amount) AS recorded_known,
    sum(recorded_high) + sum(recorded_low) / 1000000000000 AS recorded_high,
    sum(recorded_low) % 1000000000000 AS recorded_low
  FROM pledge_total CROSS JOIN area USING (region) CROSS JOIN (SELECT 0 AS together UNION ALL SELECT 1)
  GROUP BY 1, 2, 3, 4, 5
),
known AS (
  SELECT region, "right", industry, currency, year, events, known, iif(known != 0, high, NULL) AS high,
    iif(known != 0, low, NULL) AS low, recorded_events, recorded_known,
    iif(recorded_known != 0, recorded_high, NULL) AS recorded_high,
    iif(recorded_known != 0, recorded_low, NULL) AS recorded_low
  FROM cell WHERE events != 0 OR recorded_events != 0
),
grown AS (
  SELECT *, max(iif(events != 0, currency, 0)) OVER whole AS currencies,
    max(iif(recorded_events != 0, currency, 0)) OVER whole AS recorded_currencies, sum(events) OVER whole AS pledges,
    sum(recorded_events) OVER whole AS recorded_pledges, nullif(sum(events) OVER before, 0) AS pledges_before,
    nullif(sum(recorded_events) OVER before, 0) AS recorded_pledges_before,
    max(high) OVER base AS high_before, max(low) OVER base AS low_before,
    max(recorded_high) OVER base AS recorded_high_before, max(recorded_low) OVER base AS recorded_low_before
  FROM known
  WINDOW whole AS (PARTITION BY region, "right", industry, year),
    before AS (PARTITION BY region, "right", industry ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING),
    base AS (PARTITION BY region, "right", industry, currency ORDER BY year RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING)
)
SELECT year, region,
  iif(g."right" = -1, 'ALL', (SELECT name FROM constant WHERE family = 'right' AND number = g."right")) AS "right",
  industry, currency, c.decimals, pledges, pledges_before,
  1.0 * (pledges - pledges_before) / pledges_before AS pledges_growth, known AS with_amount,
  high AS amount_high, low AS amount_low, high_before AS amount_before_high, low_before AS amount_before_low,
  ((high - high_before) * 1000000000000.0 + (low - low_before))
    / nullif(max(high_before * 1000000000000.0 + low_before, 0), 0) AS growth,
  pledges IS NOT recorded_pledges OR events IS NOT recorded_events OR known IS NOT recorded_known
    OR high IS NOT recorded_high OR low IS NOT recorded_low AS restated,
  recorded_pledges AS pledges_as_published,
  1.0 * (recorded_pledges - recorded_pledges_before) / recorded_pledges_before AS pledges_growth_as_published,
  recorded_high AS amount_as_published_high, recorded_low AS amount_as_published_low,
  ((recorded_high - recorded_high_before) * 1000000000000.0 + (recorded_low - recorded_low_before))
    / nullif(max(recorded_high_before * 1000000000000.0 + recorded_low_before, 0), 0) AS growth_as_published
FROM grown AS g LEFT JOIN currency AS c ON c.number = currency
WHERE currency != 0 OR currencies = 0 AND pledges != 0 OR recorded_currencies = 0 AND recorded_pledges != 0
ORDER BY year, industry, region != 'ALL', region, "right", c.code
)
