-- Families of the patents in :only, with the number of offices that have documents of them up to the day (:as_of).
SELECT f.family_id, (
  SELECT count(DISTINCT d.office) FROM document AS d
  WHERE d.family_id = f.family_id AND d.basis & :basis AND d.day <= :as_of
) AS offices
FROM (SELECT family_id FROM patent_on_day WHERE family_id IS NOT NULL GROUP BY family_id) AS f
