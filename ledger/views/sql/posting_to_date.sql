-- Postings from 1 January to a day (:as_of; now: 1) and in the same period of the year before (0). A year before 29
-- February is a number that is not a date: it compares correctly.
SELECT p.*, now
FROM posted_block AS b CROSS JOIN (
  SELECT 1 AS now, :as_of / 10000 * 10000 + 101 AS first_day, :as_of AS last_day
  UNION ALL SELECT 0, (:as_of / 10000 - 1) * 10000 + 101, :as_of - 10000
)
CROSS JOIN posting AS p ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.block AND p.kind = b.kind
  AND p.date BETWEEN first_day AND last_day
WHERE p.basis & :basis AND p.region IN (SELECT region FROM place)
