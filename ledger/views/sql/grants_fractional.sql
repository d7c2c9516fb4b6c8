-- Patents granted, by year of grant and country of the applicants: once in each country, and by parts of the
-- applicants. A patent has 720,720 parts, divisible by 1 to 16; the remainder goes to those named first.
SELECT year, country, office, "right", industry, count(*) AS whole, sum(parts) / 720720.0 AS fractional
FROM (
  SELECT g.day / 10000 AS year, json_extract(a.value, '$.country') AS country, g.office, g."right", g.industry,
    sum(coalesce(720720 / n + (a.key < 720720 % n), 720720)) AS parts
  FROM (
    SELECT partition, entity, day, office, "right", industry, applicants,
      nullif(json_array_length(applicants), 0) AS n
    FROM granted_document
  ) AS g LEFT JOIN json_each(g.applicants) AS a
  GROUP BY g.partition, g.entity, country
)
GROUP BY year, country, office, "right", industry
ORDER BY year, country, office, "right", industry
