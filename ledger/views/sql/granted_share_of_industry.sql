-- Grants as in granted_share, of industries (:only: their numbers): those of one applicant at most from an index alone.
SELECT day / 10000 AS year, country, office, "right", industry, 1 AS patents, 720720 AS parts
FROM document
WHERE type = 10 AND basis & :basis AND industry IN (SELECT value FROM json_each(:only)) AND coalesce(country, '-') != ''
UNION ALL
SELECT year, land, office, "right", industry, patents, parts FROM joint_share
