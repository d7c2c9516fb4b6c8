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
SELECT g.day / 10000, json_extract(a.value, '$.country') AS land, g.office, g."right", g.industry, 1,
  sum(720720 / n + (a.key < 720720 % n))
FROM (
  SELECT partition, entity, day, office, "right", industry, applicants, json_array_length(applicants) AS n
  FROM document WHERE type = 10 AND basis & :basis AND country = ''
) AS g CROSS JOIN json_each(g.applicants) AS a
GROUP BY g.partition, g.entity, land
