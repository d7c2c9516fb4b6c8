-- Inventions in force on the day (:as_of), one row each, with the criteria of high value that do not depend on an area.
-- Grouped by their key, so that a filter on it comes first and each criterion is looked up once.
SELECT e.subject, p.region, p.filed_on, p.granted_on, p.family_id,
  ( -- family documents at other offices: 2 if one is a grant, 1 if none is, NULL without any
    SELECT max(1 + (d.type = 10)) FROM document AS d
    WHERE d.family_id = p.family_id AND d.office != p.office AND d.basis & :basis AND d.day <= :as_of
  ) AS overseas,
  EXISTS (
    SELECT 1 FROM pledge_asset AS a
    WHERE a.id IN (e.subject, substr(e.subject, 1, length(rtrim(e.subject, '0123456789')) - 1))
      AND (a.id = e.subject OR 1 = ( -- a number without a kind, if no other grant has it
        SELECT count(*) FROM record AS g INDEXED BY record_by_subject
        CROSS JOIN patent AS o ON o.partition = g.partition AND o.entity = g."offset" AND o.basis & :basis
          AND o.since = o.granted_on
        WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
          AND length(g.subject) <= length(a.id) + 2
      ))
      AND a.basis & :basis AND a.since <= :as_of
  ) AS pledged,
  coalesce(( -- 1: strategic emerging industry; 2: award; 3: both
    SELECT max(n.what = 'tag' AND n.name = 'sei')
      + 2 * max(n.what = 'award' AND n.name IN ('state_science_technology', 'china_patent'))
    FROM patent_note AS n
    WHERE n.partition = p.partition AND n.entity = p.entity AND n.basis & :basis AND n.day <= :as_of
  ), 0) AS noted
FROM patent_on_day AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * p.partition -- 2: patents; read from p or a subject, not through
  AND e.partition = p.partition AND e."offset" = p.entity
WHERE p."right" = 1 -- inventions
  -- of patentees in China those granted by CNIPA, as its definition of high value asks
  AND (p.office = 'CN' OR coalesce(p.region, '') NOT GLOB 'CN*' OR p.region IN ('CN-HK', 'CN-MO', 'CN-TW'))
  AND p.ended_on IS NULL AND coalesce(p.term_end > :as_of, 1)
GROUP BY p.partition, p.entity, e.subject, p.region
