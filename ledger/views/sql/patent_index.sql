-- Sub-indices of each patent: the mean of the known terms x 100, and the names of the unknown ones.
SELECT *, in_force * 100.0 * (coalesce(life, 0.0) + coalesce(breadth, 0.0) + proof + freedom)
    / (2 + (life IS NOT NULL) + (breadth IS NOT NULL)) AS legal,
  100.0 * (coalesce(scope_term, 0.0) + coalesce(backward_term, 0.0) + coalesce(forward_term, 0.0)
    + coalesce(family_term, 0.0) + coalesce(lag_term, 0.0))
    / nullif((scope_term IS NOT NULL) + (backward_term IS NOT NULL) + (forward_term IS NOT NULL)
    + (family_term IS NOT NULL) + (lag_term IS NOT NULL), 0) AS technical,
  100.0 * (coalesce(renewal_term, 0.0) + deal_term + pledge_term + award_term) / (3 + (renewal_term IS NOT NULL))
    AS economic,
  nullif(ltrim(iif(filed_on IS NULL, ' filed_on', '') || iif(term_days IS NULL, ' term', '')
    || iif(claims IS NULL, ' claims', '') || iif(scope IS NULL, ' ipc', '')
    || iif(backward IS NULL, ' backward_cites', '') || iif(offices IS NULL, ' family_id', '')
    || iif(years IS NULL, ' renewals', '') || iif(size >= 5, '', ' cohort')), '') AS missing
FROM patent_term
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
