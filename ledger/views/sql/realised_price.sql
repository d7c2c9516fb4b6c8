-- Realised prices of one asset up to the day (:as_of), with the timestamp of their record: prices of assignments, fixed
-- fees of licences, proceeds of pledges. The price of a pool is no price of one of its assets.
SELECT a.id, 4 AS topic, d.partition, d."offset", d.recorded_on AS day, iif(d.type = 220, 'licence', 'transfer') AS what,
  d.first_currency AS currency, d.first_minor AS minor, r.timestamp
FROM deal AS d
JOIN (
  SELECT partition, entity, type, max(id) AS id FROM deal_asset WHERE basis & :basis
  GROUP BY partition, entity, type HAVING count(*) = 1
) AS a ON a.partition = d.partition AND a.entity = d.entity AND a.type = d.type
JOIN record AS r ON r.topic = 4 AND r.partition = d.partition AND r."offset" = d."offset"
WHERE d.basis & :basis AND d.recorded_on <= :as_of AND d.since = d.recorded_on AND d.first_minor IS NOT NULL
  AND (d.type = 220 OR d.type = 250 AND d.form = 'assignment') -- 220: licence.recorded, 250: assignment.recorded
UNION ALL
SELECT a.id, 1, p.partition, p."offset", p.day, 'transfer', p.currency, p.minor, r.timestamp
FROM pledge_payment AS p
JOIN (
  SELECT partition, entity, max(id) AS id FROM pledge_asset WHERE basis & :basis
  GROUP BY partition, entity HAVING count(DISTINCT id) = 1
) AS a ON a.partition = p.partition AND a.entity = p.entity
JOIN record AS r ON r.topic = 1 AND r.partition = p.partition AND r."offset" = p."offset"
WHERE p.basis & :basis AND p.day <= :as_of AND p.minor IS NOT NULL AND p.type = 70 -- 70: pledge.realised
