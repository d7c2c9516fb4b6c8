-- Assets with the first day of their valuations up to a day (:as_of), and the industry and region of these (NULL: not given, or no
-- valuation, only a request). They are read in the order of their ids, each group from an index alone.
SELECT subject, valued_on, industry, region
FROM (
  SELECT subject, min(since) AS valued_on, min(region) AS region,
    min(nullif(industry, (SELECT number FROM industry WHERE code = 'UNK'))) AS industry
  FROM valuation WHERE since > 0 AND basis & :basis AND since <= :as_of GROUP BY subject
)
UNION ALL
SELECT subject, NULL, NULL, NULL FROM (
  SELECT subject FROM valuation_request WHERE requested_on > 0 AND basis & :basis AND requested_on <= :as_of GROUP BY subject
) AS r
WHERE NOT EXISTS (
  SELECT 1 FROM valuation AS v WHERE v.subject = r.subject AND v.since > 0 AND v.basis & :basis AND v.since <= :as_of
)
