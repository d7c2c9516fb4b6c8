-- Inventions in force on the day (:as_of), one row each, with the criteria of high value that do not depend on an area. `region` is
-- '' if not given. Grouped by region and id, the order of their index, so that a filter on these comes first, and each criterion is
-- looked up once.
SELECT p.subject, coalesce(p.region, '') AS region, p.filed_on, p.granted_on, p.family_id,
  ( -- family documents at other offices: 2 if one is a grant, 1 if none is, NULL without any
    SELECT max(1 + (d.type = 10)) FROM document AS d
    WHERE d.family_id = p.family_id AND d.office != p.office AND d.basis & :basis AND d.day <= :as_of
  ) AS overseas,
  coalesce(( -- 1: strategic emerging industry; 2: award; 3: both
    SELECT max(n.what = 'tag' AND n.name = 'sei')
      + 2 * max(n.what = 'award' AND n.name IN ('state_science_technology', 'china_patent'))
    FROM patent_note AS n
    WHERE n.partition = p.partition AND n.entity = p.entity AND n.basis & :basis AND n.day <= :as_of
      AND n.name IN ('sei', 'state_science_technology', 'china_patent') -- the condition of their index
  ), 0) AS noted
FROM patent_on_day AS p
WHERE p."right" = 1 -- inventions
  -- of patentees in China those granted by CNIPA, as its definition of high value asks
  AND (p.office = 'CN' OR coalesce(p.region, '') NOT GLOB 'CN*' OR coalesce(p.region, '') IN ('CN-HK', 'CN-MO', 'CN-TW'))
  AND p.ended_on IS NULL AND coalesce(p.term_end > :as_of, 1)
GROUP BY coalesce(p.region, ''), p.subject
