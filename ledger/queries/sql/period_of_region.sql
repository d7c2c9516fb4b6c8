-- Like period_of_all, for one region (:region) and its subdivisions, from the postings. CN-HK, CN-MO and CN-TW are HK, MO
-- and TW, not part of CN.
SELECT date / 10000 AS year, industry, currency, sum(events) AS events, sum(with_amount) AS known, sum(high) AS high,
  sum(low) AS low
FROM posting
WHERE kind = :kind AND basis & :basis AND :region IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2))
  AND date <= :as_of AND date % 10000 <= :as_of % 10000
GROUP BY date / 10000, industry, currency
