-- Assets in pledges in force on a day (:as_of), each with its latest valuation in the currency of the debt (the latest day of
-- value, then the last in the log; no licences and no floors), and with cap and haircut by policy. Without a range the middle
-- is the lower end.
SELECT e.subject AS pledge, p.partition, p.entity, p.region, a.id AS asset, a."right", s.currency, s.minor,
  coalesce(v.low, v.mid) AS low, v.mid, v.as_of AS valued_on, v.since AS completed_on, v.partition AS at_partition,
  v."offset" AS at_offset, (
    SELECT substr(min(level || printf('%030.15f', value) || value), 2) -- the cap as a number first, for min()
    FROM (SELECT 1) CROSS JOIN policy_in_force AS c
    WHERE policy = 'ltv_cap' AND c."right" IN (0, a."right")
      AND c.region IN ('', substr(p.region, iif(p.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), p.region)
  ) AS cap, (
    SELECT substr(min(level || value), 2) FROM (SELECT 1) CROSS JOIN policy_in_force AS c
    WHERE policy = 'haircut' AND c."right" IN (0, a."right")
      AND c.region IN ('', substr(p.region, iif(p.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), p.region)
  ) AS haircut, (
    SELECT substr(min(level || value), 2) FROM (SELECT 1) CROSS JOIN policy_in_force AS c
    WHERE policy = 'valuation_days' AND c."right" IN (0, a."right")
      AND c.region IN ('', substr(p.region, iif(p.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), p.region)
  ) AS valid_days
FROM pledge AS p
JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until AND s.cancelled_on IS NULL
JOIN pledge_asset AS a ON a.partition = p.partition AND a.entity = p.entity AND a.basis & :basis
  AND a.since <= :as_of AND :as_of < a.until
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * a.partition -- 1: pledges; after assets in force, or from a subject
  AND e.partition = a.partition AND e."offset" = a.entity
LEFT JOIN valuation AS v ON v.basis & :basis AND (v.partition, v.entity, v."offset") = (
  SELECT o.partition, o.entity, o."offset"
  FROM record AS r
  CROSS JOIN valuation AS o ON o.partition = r.partition AND o.entity = r."offset" AND o.basis & :basis
    AND o.since <= :as_of AND o.currency = s.currency AND o.purpose != 'licence' AND o.bound IS NULL
  WHERE r.outcome = 1 AND r.topic = 3 AND r.subject = a.id -- 3: valuations
  ORDER BY o.as_of DESC, o."offset" DESC LIMIT 1
)
WHERE unlikely(p.basis & :basis)
