-- Values in the cohorts of patents, one row per measure (1 claims, 2 scope, 3 cited, 4 forward, 5 offices, 6 lag), cohort
-- and value: how many patents are worse (`worse`), how many are not better (`upto`), how many have a value (`n`), and the
-- shares of the worse and of the not better in millionths, the lower rounded down and the upper up.
SELECT *, 1000000 * worse / n AS low, (1000000 * upto + n - 1) / n AS high
FROM (
  SELECT measure, cohort, value, sum(equal) OVER so_far - equal AS worse, sum(equal) OVER so_far AS upto,
    sum(equal) OVER (PARTITION BY measure, cohort) AS n
  FROM (
    SELECT measure, cohort, value, count(*) AS equal
    FROM (
      SELECT measure, cohort, CASE measure WHEN 1 THEN claims WHEN 2 THEN scope WHEN 3 THEN cited
        WHEN 4 THEN forward WHEN 5 THEN offices ELSE -lag END AS value -- a short lag is good
      FROM score_input CROSS JOIN (
        SELECT 1 AS measure UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6
      )
      WHERE cohort IS NOT NULL
    )
    WHERE value IS NOT NULL
    GROUP BY measure, cohort, value
  )
  WINDOW so_far AS (PARTITION BY measure, cohort ORDER BY value)
)
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
