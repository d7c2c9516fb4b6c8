-- The policy of the highest loan-to-value that holds on the day (:as_of) for each region and right with grants: one of
-- the right counts before one of all rights, then one of the region before one of its country before a general one, then
-- the one that came into force last, then the last in the log.
SELECT place.region, place."right", p.value,
  max(printf('%d%02d%08d%019d', p."right" IS NOT NULL, coalesce(length(p.region), 0), p.since, p."offset")) AS standing
FROM (
  SELECT region, "right" FROM total WHERE kind = 1 AND industry = 0 GROUP BY region, "right" -- 1: grants; 0: all
) AS place CROSS JOIN policy AS p
WHERE p.policy = 'ltv_cap' AND p.basis & :basis AND p.since <= :as_of AND :as_of < p.until AND p.currency IS NULL
  AND coalesce(p."right", place."right") = place."right"
  AND (p.region IS NULL OR p.region IN (place.region, substr(place.region, 1, 2)))
GROUP BY place.region, place."right"
