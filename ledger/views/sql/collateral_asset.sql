-- Assets in pledges in force on a day (:as_of), each with its latest valuation in the currency of the debt (the latest day of
-- value, then the last in the log; no licences and no floors), and with cap and haircut by policy. Without a range the middle
-- is the lower end.
SELECT e.subject AS pledge, p.partition, p.entity, p.region, a.id AS asset, a."right", s.currency, s.minor,
  coalesce(v.low, v.mid) AS low, v.mid, v.as_of AS valued_on, v.since AS completed_on, v.partition AS at_partition,
  v."offset" AS at_offset, (
    SELECT substr(min(ranked), 2) FROM (SELECT 1) CROSS JOIN cap_in_force AS c
    WHERE c."right" IN (0, a."right")
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
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * s.partition -- 1: pledges; after pledges in force, or from a subject
  AND e.partition = s.partition AND e."offset" = s.entity
JOIN pledge_asset AS a ON a.partition = e.partition AND a.entity = e."offset" AND a.basis & :basis
  AND a.since <= :as_of AND :as_of < a.until
LEFT JOIN valuation AS v ON v.basis & :basis AND (v.partition, v.entity, v."offset") = (
  SELECT o.partition, o.entity, o."offset"
  FROM valuation AS o
  WHERE o.subject = a.id AND o.since > 0 AND o.since <= :as_of AND o.basis & :basis AND o.currency = s.currency
    AND o.purpose != 'licence' AND o.bound IS NULL
  ORDER BY o.as_of DESC, o."offset" DESC LIMIT 1
)
WHERE unlikely(p.basis & :basis)
