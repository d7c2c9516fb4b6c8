-- The inputs of each patent with the terms of its score, each 0 to 1 or NULL if unknown. Terms relative to a cohort of
-- fewer than 5 patents are unknown.
SELECT p.*, c.size, max(0.0, min(1.0, 1.0 * days_left / term_days)) AS life, claims / (claims + 10.0) AS breadth,
  survived / (survived + 1.0) AS proof, 1.0 - encumbered AS freedom,
  iif(size >= 5, 1.0 * scope / nullif(most_scope, 0), NULL) AS scope_term,
  iif(size >= 5, 1.0 * backward / nullif(most_backward, 0), NULL) AS backward_term,
  iif(size >= 5, 1.0 * forward / nullif(most_forward, 0), NULL) AS forward_term,
  iif(size >= 5, 1.0 * offices / nullif(most_offices, 0), NULL) AS family_term,
  iif(size >= 5, 1.0 - 1.0 * lag / nullif(most_lag, 0), NULL) AS lag_term,
  min(1.0, years * 365.25 / term_days) AS renewal_term, priced / (priced + 1.0) AS deal_term,
  released / (released + 1.0) AS pledge_term, 1.0 * award AS award_term
FROM patent_evidence AS p LEFT JOIN patent_cohort AS c ON c.industry = p.industry AND c.filing_year = p.filing_year
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
