-- Deals with a price up to the day (:as_of), one row an asset: licences, assignments, and open licences that somebody
-- took, each with the event that gives the price.
SELECT a.id, d.partition, d."offset", d.recorded_on AS day
FROM deal AS d
JOIN deal_asset AS a ON a.partition = d.partition AND a.entity = d.entity AND a.type = d.type AND a.basis & :basis
WHERE d.basis & :basis AND d.since <= :as_of AND :as_of < d.until AND d.first_minor IS NOT NULL
  AND (d.type = 220 OR d.type = 250 AND d.form = 'assignment') -- 220: licence.recorded, 250: assignment.recorded
UNION ALL
SELECT a.id, t.partition, t."offset", t.day
FROM acceptance AS t
JOIN deal_asset AS a ON a.partition = t.partition AND a.entity = t.entity AND a.type = 260 AND a.basis & :basis
WHERE t.basis & :basis AND t.day <= :as_of AND t.minor IS NOT NULL -- 260: open_licence.declared
