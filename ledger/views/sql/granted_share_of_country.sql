-- Grants as in granted_share, of countries (:only), and those of joint applicants: an only applicant has all 720,720 parts. Grants
-- of the first country are counted in the order of the index.
SELECT day / 10000 AS year, country, office, "right", industry, count(*) AS patents, 720720 * count(*) AS parts
FROM document
WHERE type = 10 AND basis & :basis AND country = json_extract(:only, '$[0]')
GROUP BY day / 10000, office, "right", industry
UNION ALL
SELECT day / 10000, country, office, "right", industry, 1, 720720
FROM document
WHERE type = 10 AND basis & :basis AND country IN (
  SELECT value FROM json_each(:only) WHERE value != json_extract(:only, '$[0]')
)
UNION ALL
SELECT year, land, office, "right", industry, patents, parts FROM joint_share
