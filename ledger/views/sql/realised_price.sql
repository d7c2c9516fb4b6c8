-- Realised prices of one asset up to the day (:as_of): prices of assignments, fixed fees of licences, proceeds of pledges.
-- The price of a pool is no price of one of its assets.
SELECT a.id, 4 AS topic, d.partition, d."offset", d.recorded_on AS day, iif(d.type = 220, 'licence', 'transfer') AS what,
  d.first_currency AS currency, d.first_minor AS minor -- topics 4: deals, 1: pledges
FROM realising AS r CROSS JOIN deal AS d ON d.partition = r.partition AND d.entity = r.entity
CROSS JOIN deal_asset AS a ON a.partition = d.partition AND a.entity = d.entity AND a.type = d.type AND a.basis & :basis
WHERE r.topic = 4 AND d.basis & :basis AND d.recorded_on <= :as_of AND d.since = d.recorded_on AND d.first_minor IS NOT NULL
  AND (d.type = 220 OR d.type = 250 AND d.form = 'assignment') -- 220: licence.recorded, 250: assignment.recorded
  AND 1 = (
    SELECT count(*) FROM deal_asset AS n
    WHERE n.partition = d.partition AND n.entity = d.entity AND n.type = d.type AND n.basis & :basis
  )
UNION ALL
SELECT (
    SELECT min(n.id) FROM pledge_asset AS n WHERE n.partition = p.partition AND n.entity = p.entity AND n.basis & :basis
  ), 1, p.partition, p."offset", p.day, 'transfer', p.currency, p.minor
FROM realising AS r CROSS JOIN pledge_payment AS p ON p.partition = r.partition AND p.entity = r.entity
WHERE r.topic = 1 AND p.basis & :basis AND p.day <= :as_of AND p.minor IS NOT NULL AND p.type = 70 -- 70: pledge.realised
  AND 1 = (
    SELECT count(DISTINCT n.id) FROM pledge_asset AS n
    WHERE n.partition = p.partition AND n.entity = p.entity AND n.basis & :basis
  )
