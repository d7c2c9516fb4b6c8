-- Grants with the countries of their applicants, and the parts of each: a patent has 720,720 parts, divisible by 1 to 16; the
-- remainder goes to those named first.
SELECT g.day / 10000 AS year, json_extract(a.value, '$.country') AS country, g.office, g."right", g.industry,
  1 AS patents, sum(coalesce(720720 / n + (a.key < 720720 % n), 720720)) AS parts
FROM (
  SELECT partition, entity, day, office, "right", industry, applicants, nullif(json_array_length(applicants), 0) AS n
  FROM granted_document
) AS g LEFT JOIN json_each(g.applicants) AS a
GROUP BY g.partition, g.entity, country
