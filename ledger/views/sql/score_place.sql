-- Values in the cohorts of patents, one row per measure (1 claims, 2 scope, 3 cited, 4 forward, 5 offices, 6 lag), cohort
-- and value: how many patents are worse (`worse`), how many are not better (`upto`), and how many have a value (`n`).
SELECT measure, cohort, value, sum(equal) OVER so_far - equal AS worse, sum(equal) OVER so_far AS upto,
  sum(equal) OVER (PARTITION BY measure, cohort) AS n
FROM (
  SELECT measure, cohort, value, count(*) AS equal
  FROM (
    SELECT 1 AS measure, cohort, claims AS value FROM score_input
    UNION ALL SELECT 2, cohort, scope FROM score_input
    UNION ALL SELECT 3, cohort, cited FROM score_input
    UNION ALL SELECT 4, cohort, forward FROM score_input
    UNION ALL SELECT 5, cohort, offices FROM score_input
    UNION ALL SELECT 6, cohort, -lag FROM score_input -- a short lag is good
  )
  WHERE cohort IS NOT NULL AND value IS NOT NULL
  GROUP BY measure, cohort, value
)
WINDOW so_far AS (PARTITION BY measure, cohort ORDER BY value)
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
