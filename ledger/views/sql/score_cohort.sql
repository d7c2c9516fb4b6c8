-- Cohorts: patents of one industry and filing year, with the number of patents that have each value.
SELECT cohort, count(*) AS size, count(claims) AS claims, count(scope) AS scope, count(cited) AS cited,
  count(forward) AS forward, count(offices) AS offices, count(lag) AS lag
FROM score_input
WHERE cohort IS NOT NULL
GROUP BY cohort
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
