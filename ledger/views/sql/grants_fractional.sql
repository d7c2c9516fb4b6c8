-- Patents granted, by year of grant and country of the applicants: once in each country, and by parts of the applicants.
SELECT year, country, office, "right", industry, sum(patents) AS whole, sum(parts) / 720720.0 AS fractional
FROM granted_share
GROUP BY year, country, office, "right", industry
ORDER BY year, country, office, "right", industry
