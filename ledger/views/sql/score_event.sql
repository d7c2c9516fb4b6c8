-- Events behind a patent's score, up to the day (:as_of), one row per patent and event: of the patent, of other
-- documents of its family, of pledges that name it, of its priced deals, and grants that cite it within 5 years.
SELECT g.subject AS patent, 'patent' AS relation, s.topic, s.partition, s."offset", s.day
FROM granted AS g JOIN statement AS s ON s.subject = g.subject AND s.topic = 2 -- 2: patents
WHERE s.family IN (10, 80, 90, 100, 110, 140, 150, 160, 170, 180, 190) -- all but restorations, challenges and tags
  AND s.day <= :as_of
UNION ALL
SELECT g.subject, 'family', 2, d.partition, d."offset", d.day
FROM granted AS g JOIN document AS d ON d.family_id = g.family_id AND d.basis & :basis AND d.day <= :as_of
WHERE d.partition != g.partition OR d.entity != g.entity
UNION ALL
SELECT g.subject, 'pledge', s.topic, s.partition, s."offset", s.day
FROM granted AS g
CROSS JOIN pledge_asset AS a ON a.id = g.subject AND a.basis & :basis AND a.since <= :as_of
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 1 -- 1: pledges
  AND e.partition = a.partition AND e."offset" = a.entity
CROSS JOIN statement AS s ON s.subject = e.subject AND s.topic = 1
WHERE s.family IN (20, 30, 40, 60, 70) AND s.day <= :as_of -- all but extensions
  AND NOT EXISTS ( -- one stay of the asset in the pool is enough
    SELECT 1 FROM pledge_asset AS b
    WHERE b.id = a.id AND b.partition = a.partition AND b.entity = a.entity AND b.basis & :basis AND b.since <= :as_of
      AND (b.place, b.since) < (a.place, a.since)
  )
UNION ALL
SELECT g.subject, 'deal', 4, s.partition, s."offset", s.day -- 4: deals
FROM granted AS g JOIN priced_deal AS s ON s.id = g.subject
UNION ALL
SELECT g.subject, 'citation', 2, s.partition, s."offset", s.day
FROM granted AS g JOIN citation AS s ON s.id = g.subject
WHERE (s.partition != g.partition OR s.entity != g.entity) AND s.day <= g.granted_on + 50000
