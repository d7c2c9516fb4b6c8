-- Policies of high-value inventions that hold on the day (:as_of), one row each place with grants (`place`: a region or
-- '', a country, ALL) and policy; `policy` is NULL in a place that has none. One of the right counts before one of all
-- rights, then one of the region before one of its country before a general one, then the one that came into force last,
-- then the last in the log.
SELECT place, p.policy, p.value, p.currency, p.anchor,
  max(printf('%d%d%08d%019d', p."right" IS NOT NULL, coalesce(length(p.region), 0), p.since, p."offset")) AS standing
FROM (
  SELECT region AS place FROM total WHERE kind = 1 AND industry = 0 -- 1: grants; 0: all industries
  UNION SELECT substr(region, 1, 2) FROM total WHERE kind = 1 AND industry = 0
  UNION SELECT 'ALL'
) LEFT JOIN policy AS p ON p.policy IN ('high_value_years', 'high_value_pledge') AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until AND coalesce(p."right", 1) = 1 -- 1: inventions
  AND (coalesce(p.region, '') IN ('', place) OR place != 'ALL' AND p.region = substr(place, 1, 2))
GROUP BY place, p.policy
