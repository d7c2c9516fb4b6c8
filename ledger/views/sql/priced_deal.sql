-- Deals with a price up to the day (:as_of), one row per asset: licences, assignments and accepted open licences, each
-- with the event that gives the price.
SELECT a.id, d.partition, d."offset", d.recorded_on AS day
FROM dealt AS a
JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type
WHERE a.basis & :basis AND d.basis & :basis AND d.since <= :as_of AND :as_of < d.until AND d.first_minor IS NOT NULL
  AND (d.type = 220 OR d.type = 250 AND d.form = 'assignment') -- 220: licence.recorded, 250: assignment.recorded
UNION ALL
SELECT a.id, t.partition, t."offset", t.day
FROM dealt AS a
JOIN acceptance AS t ON t.partition = a.partition AND t.entity = a.entity
WHERE a.type = 260 AND a.basis & :basis AND t.basis & :basis AND t.day <= :as_of AND t.minor IS NOT NULL -- 260: open_licence.declared
