-- Like period_of_all, for one region (:region) and its subdivisions, from the postings of the kind in each block. CN-HK,
-- CN-MO and CN-TW are HK, MO and TW, not part of CN.
SELECT date / 10000 AS year, industry, currency, sum(events) AS events, sum(with_amount) AS known, sum(high) AS high,
  sum(low) AS low
FROM (
  WITH RECURSIVE block (topic, partition, number, last) AS (
    SELECT topic, partition, first / 4096, next / 4096 FROM position WHERE topic = :topic
    UNION ALL SELECT topic, partition, number + 1, last FROM block WHERE number < last
  )
  SELECT topic, partition, number FROM block
) AS b CROSS JOIN posting AS p
  ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.number AND p.kind = :kind AND p.date <= :as_of
WHERE basis & :basis AND :region IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2))
  AND date % 10000 <= :as_of % 10000
GROUP BY date / 10000, industry, currency
