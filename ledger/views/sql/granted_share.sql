-- Grants with the countries of their applicants, and the parts of each: a patent has 720,720 parts, divisible by 1 to 16; the
-- remainder goes to those named first. Those of one applicant at most are read from an index alone.
SELECT day / 10000 AS year, country, office, "right", industry, 1 AS patents, 720720 AS parts
FROM document
WHERE type = 10 AND basis & :basis AND coalesce(country, '-') != ''
UNION ALL
SELECT g.day / 10000, json_extract(a.value, '$.country') AS land, g.office, g."right", g.industry, 1,
  sum(720720 / n + (a.key < 720720 % n))
FROM (
  SELECT partition, entity, day, office, "right", industry, applicants, json_array_length(applicants) AS n
  FROM document WHERE type = 10 AND basis & :basis AND country = ''
) AS g CROSS JOIN json_each(g.applicants) AS a
GROUP BY g.partition, g.entity, land
