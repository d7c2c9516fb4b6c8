-- Policies on high-value inventions in force on the day (:as_of): one row per area (a region or '', a country, ALL) and policy;
-- `policy` is NULL in an area without one.
SELECT area, p.policy, p.value, nullif(p.currency, '') AS currency, p.anchor, max((9 - p.level) || p.standing)
FROM (SELECT DISTINCT area FROM granted_area) LEFT JOIN policy_in_force AS p
  ON p.policy IN ('high_value_years', 'high_value_pledge')
  AND p."right" IN (0, 1) -- 1: inventions
  AND (p.region = '' OR area != 'ALL'
    AND p.region IN (area, substr(area, iif(area IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2)))
GROUP BY area, p.policy
