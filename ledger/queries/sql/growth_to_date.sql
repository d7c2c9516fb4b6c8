-- The year up to a day (:as_of) and the same period of the year before, by industry, in one currency (0: none).
-- Events are those in any currency. `record_high` is 1 if no earlier year has a higher amount (or count) in the same period.
yearly AS (
  SELECT year, industry, currency, sum(events) OVER (PARTITION BY year, industry) AS events, known,
    high + low / 1000000000000 AS high, low % 1000000000000 AS low
  FROM period WHERE events != 0
),
side AS (
  SELECT year, industry, max(events) AS events, sum(iif(currency = :currency, known, 0)) AS known,
    max(iif(currency = :currency AND known != 0, high, NULL)) AS high,
    max(iif(currency = :currency AND known != 0, low, NULL)) AS low
  FROM yearly GROUP BY year, industry
),
pair AS (
  SELECT n.industry, now.events, now.known, now.high AS this_high, now.low AS this_low,
    before.events AS events_before, before.high AS before_high, before.low AS before_low
  FROM (SELECT DISTINCT industry FROM side WHERE year >= :as_of / 10000 - 1) AS n
  LEFT JOIN side AS now ON now.industry = n.industry AND now.year = :as_of / 10000
  LEFT JOIN side AS before ON before.industry = n.industry AND before.year = :as_of / 10000 - 1
)
SELECT industry, nullif(:currency, 0) AS currency, c.decimals, coalesce(events, 0) AS events,
  coalesce(events_before, 0) AS events_before, coalesce(known, 0) AS with_amount,
  this_high AS this_period_high, this_low AS this_period_low,
  before_high AS same_period_high, before_low AS same_period_low,
  iif(:currency, iif((before_high, before_low) > (0, 0),
    ((this_high - before_high) * 1e12 + (this_low - before_low)) / (before_high * 1e12 + before_low), NULL),
    iif(events_before > 0, 1.0 * (coalesce(events, 0) - events_before) / events_before, NULL)) AS change,
  iif(:currency AND events > 0, 1.0 * known / events, NULL) AS coverage,
  iif(:currency, iif(this_high IS NULL, NULL, NOT EXISTS (
    SELECT 1 FROM side AS s WHERE s.industry = pair.industry AND s.year < :as_of / 10000
      AND (s.high, s.low) > (this_high, this_low)
  )), iif(events > 0, NOT EXISTS (
    SELECT 1 FROM side AS s WHERE s.industry = pair.industry AND s.year < :as_of / 10000 AND s.events > pair.events
  ), NULL)) AS record_high
FROM pair LEFT JOIN currency AS c ON c.number = :currency
ORDER BY industry != 0, iif(:currency, this_high, events) DESC, this_low DESC, industry
