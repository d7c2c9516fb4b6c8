-- International applications by year of filing: by origin (the region or '', its country, ALL), and by
-- receiving office (and ALL).
SELECT year, basis, region_or_office, sum(filings) AS filings
FROM (
  SELECT year, 'origin' AS basis, CASE step WHEN 0 THEN region
    WHEN 1 THEN substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END AS region_or_office,
    filings
  FROM (
    SELECT filed_on / 10000 AS year, coalesce(region, '') AS region, count(*) AS filings
    FROM pct_filing
    WHERE basis & :basis
    GROUP BY filed_on / 10000, coalesce(region, '')
  ) CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
  WHERE step != 1 OR length(region) > 2
  UNION ALL
  SELECT filed_on / 10000, 'receiving_office', office, 1 FROM pct_filing WHERE basis & :basis
  UNION ALL
  SELECT filed_on / 10000, 'receiving_office', 'ALL', 1 FROM pct_filing WHERE basis & :basis
)
GROUP BY year, basis, region_or_office
ORDER BY year, basis, region_or_office
