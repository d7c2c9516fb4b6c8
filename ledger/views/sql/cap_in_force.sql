-- The policies `ltv_cap` in force on a day (:as_of), with their place in the log: the last one for each right (0: all) and
-- region ('': all). Of those for a right in a region the one of the lowest `level` counts (see policy_level.sql).
SELECT coalesce("right", 0) AS "right", coalesce(region, '') AS region, level, value, since, partition, "offset",
  level || printf('%030.15f', value) || value AS ranked, -- the cap as a number first, for min()
  max(printf('%08d%019d', since, "offset")) AS standing
FROM policy CROSS JOIN policy_level
  ON of_right = ("right" IS NOT NULL) AND letters = CASE length(region) WHEN 2 THEN 2 ELSE iif(region IS NULL, 0, 6) END
WHERE policy = 'ltv_cap' AND since <= :as_of AND :as_of < until AND basis & :basis
GROUP BY coalesce("right", 0), coalesce(region, '')
