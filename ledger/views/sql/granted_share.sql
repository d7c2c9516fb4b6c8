-- Grants with the countries of their applicants, and the parts of each: a patent has 720,720 parts, divisible by 1 to 16; the
-- remainder goes to those named first. Those of one applicant at most are read from an index alone.
SELECT day / 10000 AS year, country, office, "right", industry, 1 AS patents, 720720 AS parts
FROM document
WHERE type = 10 AND basis & :basis AND coalesce(country, '-') != ''
UNION ALL
SELECT year, land, office, "right", industry, patents, parts FROM joint_share
