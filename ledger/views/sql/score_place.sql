-- Values in the cohorts of patents, one row per measure (1 claims, 2 scope, 3 cited, 4 forward, 5 offices, 6 lag), cohort
-- and value: how many patents are worse (`worse`), how many are not better (`upto`), how many have a value (`n`), and the
-- shares of the worse and of the not better in millionths, the lower rounded down and the upper up.
SELECT *, 1000000 * worse / n AS low, (1000000 * upto + n - 1) / n AS high
FROM (
  SELECT measure, cohort, value, sum(equal) OVER so_far - equal AS worse, sum(equal) OVER so_far AS upto,
    sum(equal) OVER (PARTITION BY measure, cohort) AS n
  FROM ( -- one measure after another: each sorts its own values alone
    SELECT 1 AS measure, cohort, claims AS value, count(*) AS equal
    FROM score_input WHERE cohort IS NOT NULL AND claims IS NOT NULL GROUP BY cohort, claims
    UNION ALL
    SELECT 2, cohort, scope, count(*)
    FROM score_input WHERE cohort IS NOT NULL AND scope IS NOT NULL GROUP BY cohort, scope
    UNION ALL
    SELECT 3, cohort, cited, count(*)
    FROM score_input WHERE cohort IS NOT NULL AND cited IS NOT NULL GROUP BY cohort, cited
    UNION ALL
    SELECT 4, cohort, forward, count(*)
    FROM score_input WHERE cohort IS NOT NULL AND forward IS NOT NULL GROUP BY cohort, forward
    UNION ALL
    SELECT 5, cohort, offices, count(*)
    FROM score_input WHERE cohort IS NOT NULL AND offices IS NOT NULL GROUP BY cohort, offices
    UNION ALL
    SELECT 6, cohort, -lag, count(*) -- a short lag is good
    FROM score_input WHERE cohort IS NOT NULL AND lag IS NOT NULL GROUP BY cohort, lag
  )
  WINDOW so_far AS (PARTITION BY measure, cohort ORDER BY value)
)
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
