-- Areas (region or '', its country, ALL) where the grants of a region count. CN-HK, CN-MO and CN-TW are in HK, MO and TW.
SELECT region, CASE step WHEN 0 THEN region
    WHEN 1 THEN substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END AS area
FROM (SELECT DISTINCT region FROM total WHERE kind = 1 AND industry = 0) -- 1: grants; 0: all industries
CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
WHERE step != 1 OR length(region) > 2
