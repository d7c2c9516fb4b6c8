-- Patents of cohorts with their rank in each value: how many patents of the cohort are worse (`_below`), and how many are
-- not better, itself included (`_upto`). Unknown values come last and are not counted. A short lag is good.
SELECT partition, entity,
  rank() OVER by_claims - 1 AS claims_below, count(claims) OVER by_claims AS claims_upto,
  rank() OVER by_scope - 1 AS scope_below, count(scope) OVER by_scope AS scope_upto,
  rank() OVER by_cited - 1 AS cited_below, count(cited) OVER by_cited AS cited_upto,
  rank() OVER by_forward - 1 AS forward_below, count(forward) OVER by_forward AS forward_upto,
  rank() OVER by_offices - 1 AS offices_below, count(offices) OVER by_offices AS offices_upto,
  rank() OVER by_lag - 1 AS lag_below, count(lag) OVER by_lag AS lag_upto
FROM score_input
WHERE cohort IS NOT NULL
WINDOW
  by_claims AS (PARTITION BY cohort ORDER BY claims NULLS LAST),
  by_scope AS (PARTITION BY cohort ORDER BY scope NULLS LAST),
  by_cited AS (PARTITION BY cohort ORDER BY cited NULLS LAST),
  by_forward AS (PARTITION BY cohort ORDER BY forward NULLS LAST),
  by_offices AS (PARTITION BY cohort ORDER BY offices NULLS LAST),
  by_lag AS (PARTITION BY cohort ORDER BY -lag NULLS LAST)
