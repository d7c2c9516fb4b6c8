-- Granted patents in their state on the day (:as_of), with the values that are ranked in their cohort: industry and
-- filing year. Unknown values and cohorts are NULL, forward citations as long as their five years are not over. The lag
-- from filing to grant counts months of 30 days.
SELECT p.*, iif(p.industry != 99, p.industry * 10000 + p.filed_on / 10000, NULL) AS cohort, -- 99: UNK
  g.claims, nullif(g.scope, 0) AS scope, g.cited,
  iif(p.granted_on + 50000 < :as_of, coalesce(c.forward, 0), NULL) AS forward, f.offices,
  iif(p.filed_on <= p.granted_on, (p.granted_on / 10000 - p.filed_on / 10000) * 360
    + (p.granted_on / 100 % 100 - p.filed_on / 100 % 100) * 30 + p.granted_on % 100 - p.filed_on % 100, NULL) AS lag
FROM patent_on_day AS p
CROSS JOIN document AS g ON g.partition = p.partition AND g.entity = p.entity AND g.basis & :basis
  AND g.type = 10 -- 10: patent.granted
LEFT JOIN family_size AS f ON f.family_id = p.family_id
LEFT JOIN forward_citation AS c ON c.partition = p.partition AND c.entity = p.entity
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
