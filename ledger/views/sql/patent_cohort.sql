-- Cohorts: the patents of an industry and filing year, and the most that one of them has.
SELECT industry, filing_year, count(*) AS size, max(scope) AS most_scope, max(backward) AS most_backward,
  max(forward) AS most_forward, max(offices) AS most_offices, max(lag) AS most_lag
FROM patent_evidence
WHERE filing_year IS NOT NULL
GROUP BY industry, filing_year
