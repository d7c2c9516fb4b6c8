-- The highest loan to value by policy on the day (:as_of), one row per region and right with grants.
SELECT region, "right", (
  SELECT substr(min(level || value), 2) FROM (SELECT 1) CROSS JOIN policy_in_force AS p
  WHERE policy = 'ltv_cap' AND p."right" IN (0, place."right") AND p.currency = ''
    AND p.region IN ('', substr(place.region, 1, 2), place.region)
) AS value
FROM (
  SELECT region, "right" FROM total WHERE kind = 1 AND industry = 0 GROUP BY region, "right" -- 1: grants; 0: all
) AS place
