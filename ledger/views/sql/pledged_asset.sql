-- Assets in pledges in force on a day (:as_of), with the day on which each joined the pool.
SELECT a.id AS asset, a."right", a.since AS joined_on, e.subject AS pledge, s.currency, s.minor, s.debt_to
FROM pledge_asset AS a
JOIN pledge_state AS s ON s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis
  AND s.since <= :as_of AND :as_of < s.until
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.partition = a.partition AND e."offset" = a.entity -- 1: pledges
WHERE a.since <= :as_of AND :as_of < a.until AND a.basis & :basis
