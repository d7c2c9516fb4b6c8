-- Cohorts: patents of one industry and filing year, with the maximum of each input.
SELECT industry, filing_year, count(*) AS size, max(scope) AS most_scope, max(backward) AS most_backward,
  max(forward) AS most_forward, max(offices) AS most_offices, max(lag) AS most_lag
FROM patent_evidence
WHERE filing_year IS NOT NULL
GROUP BY industry, filing_year
