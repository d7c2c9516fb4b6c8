-- Granted patents in their state on the day (:as_of): those in :only (ids), and their cohorts (industry and filing
-- year).
WITH sought AS (
  SELECT p.*, p.filed_on / 10000 AS filing_year
  FROM json_each(:only) AS asked
  CROSS JOIN record AS e ON e.outcome = 1 AND e.subject = asked.value AND e.topic = 2 -- 2: patents
  CROSS JOIN patent AS p ON p.partition = e.partition AND p.entity = e."offset" AND p.basis & :basis
    AND p.since <= :as_of AND :as_of < p.until
)
SELECT p.*
FROM (SELECT industry, filing_year FROM sought WHERE filing_year IS NOT NULL AND industry != 99 GROUP BY 1, 2) AS c -- UNK
CROSS JOIN patent AS p ON p.industry = c.industry
  AND p.filed_on BETWEEN c.filing_year * 10000 AND c.filing_year * 10000 + 9999
  AND p.basis & :basis AND p.since <= :as_of AND :as_of < p.until
UNION ALL
SELECT p.* FROM sought AS s CROSS JOIN patent AS p ON p.partition = s.partition AND p.entity = s.entity
  AND p.basis & :basis AND p.since <= :as_of AND :as_of < p.until
WHERE s.filed_on IS NULL OR s.industry = 99
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
