-- The last policy `ltv_cap` in force on a day (:as_of) for each value and region ('': all).
SELECT value, coalesce(region, '') AS region, since, partition, "offset", max(printf('%08d%019d', since, "offset")) AS standing
FROM policy
WHERE policy = 'ltv_cap' AND since <= :as_of AND :as_of < until AND basis & :basis
GROUP BY value, region
