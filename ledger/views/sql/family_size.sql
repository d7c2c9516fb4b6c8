-- Families with the number of offices that have documents of them up to the day (:as_of).
SELECT family_id, count(DISTINCT office) AS offices
FROM document
WHERE basis & :basis AND family_id IS NOT NULL AND day <= :as_of
GROUP BY family_id
