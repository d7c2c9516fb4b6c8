-- Policies in force on a day (:as_of). Of several for one right ('right' 0: all), region ('': all) and currency ('': none),
-- the latest first day counts, then the last in the log. The policy of an area is the one of the lowest `level` (see
-- policy_level.sql): (SELECT substr(min(level || value), 2) FROM (SELECT 1) CROSS JOIN policy_in_force
--   WHERE policy = ... AND "right" IN (0, ...) AND region IN ('', <country>, <region>)). The CROSS JOIN lets SQLite
-- compute this relation once for all areas.
SELECT policy, "right", region, currency, value, anchor, level, max(printf('%08d%019d', since, "offset")) AS standing
FROM (
  SELECT policy, coalesce("right", 0) AS "right", coalesce(region, '') AS region, coalesce(currency, '') AS currency,
    value, anchor, since, "offset", level
  FROM policy CROSS JOIN policy_level
    ON of_right = ("right" IS NOT NULL) AND letters = CASE length(region) WHEN 2 THEN 2 ELSE iif(region IS NULL, 0, 6) END
  WHERE since <= :as_of AND :as_of < until AND basis & :basis
)
GROUP BY policy, "right", region, currency
