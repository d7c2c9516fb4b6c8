-- Sums from 1 January to a day (:as_of; now: 1) and in the same period of the year before (0), in parts: the postings of the
-- days of posting_period, and the totals of the year that they are taken away from.
SELECT p.kind, p.region, p."right", p.industry, p.currency, now, sign * p.events AS events, sign * p.with_amount AS with_amount,
  sign * p.high - (sign < 0 AND p.low > 0) AS high, iif(sign < 0 AND p.low > 0, 1000000000000 - p.low, p.low) AS low -- low: never negative
FROM posted_block AS b CROSS JOIN posting_period CROSS JOIN posting AS p
  ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.block AND p.kind = b.kind
  AND p.date BETWEEN first_day AND last_day
WHERE p.basis & :basis AND p.region IN (SELECT region FROM area)
UNION ALL
SELECT t.kind, t.region, t."right", t.industry, t.currency, now, iif(:basis = 1, recorded_events, corrected_events),
  iif(:basis = 1, recorded_with_amount, corrected_with_amount), iif(:basis = 1, recorded_high, corrected_high),
  iif(:basis = 1, recorded_low, corrected_low)
FROM constant AS k CROSS JOIN industry AS i CROSS JOIN (SELECT DISTINCT region FROM area) AS r CROSS JOIN total AS t
  ON t.kind = k.number AND t.industry = i.number AND t.region = r.region
CROSS JOIN posting_period AS d ON d.sign < 0 AND d.year = t.year
WHERE k.family = 'kind'
