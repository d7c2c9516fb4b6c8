-- Patents granted, by year of grant, region, right and industry. A patent's first row begins with its grant.
SELECT since / 10000 AS year, region, office, "right", industry, count(*) AS grants
FROM patent
WHERE basis & :basis AND since = granted_on
GROUP BY since / 10000, region, office, "right", industry
ORDER BY year, region, office, "right", industry
