-- Like period_of_all, for one region (:region) and its subdivisions, from the postings.
SELECT date / 10000 AS year, industry, currency, sum(events) AS events, sum(with_amount) AS known, sum(high) AS high,
  sum(low) AS low
FROM posting
WHERE kind = :kind AND basis & :basis AND (region = :region OR substr(region, 1, length(:region) + 1) = :region || '-')
  AND date <= :as_of AND date % 10000 <= :as_of % 10000
GROUP BY date / 10000, industry, currency
