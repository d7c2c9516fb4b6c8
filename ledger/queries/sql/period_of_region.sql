-- Like period_of_all, for one region (:region) and its subdivisions. CN-HK, CN-MO and CN-TW are HK, MO and TW, not part of
-- CN. Days come from the postings of the kind in each block: up to June those from 1 January; later those after the day,
-- which are taken away from the total of their year.
SELECT year, industry, currency, sum(events) AS events, sum(known) AS known, sum(high) AS high, sum(low) AS low
FROM (
  SELECT year, industry, currency, iif(:basis = 1, recorded_events, corrected_events) AS events,
    iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS known,
    iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low
  FROM total
  WHERE :as_of % 10000 > 630 AND kind = :kind AND year IN (SELECT year FROM years)
    AND :region IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2))
  UNION ALL
  SELECT year, industry, currency, sign * events, sign * with_amount, sign * high - (sign < 0 AND low > 0),
    iif(sign < 0 AND low > 0, 1000000000000 - low, low) -- a low half is never negative
  FROM block AS b CROSS JOIN (
    SELECT year, iif(:as_of % 10000 > 630, -1, 1) AS sign, year * 10000 + :as_of % 10000 AS day FROM years
  ) CROSS JOIN posting AS p
    ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.number AND p.kind = :kind
    AND p.date BETWEEN iif(sign < 0, day + 1, year * 10000) AND iif(sign < 0, year * 10000 + 9999, day)
    AND p.basis & :basis AND :region IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2))
)
GROUP BY year, industry, currency
