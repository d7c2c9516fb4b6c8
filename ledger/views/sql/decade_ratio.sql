-- Stocks on the day (:as_of) and filings of the year up to it, with those of ten years before, by area: the region
-- or '', its country, ALL.
SELECT area AS region, metric, sum(now) AS value, sum(earlier) AS earlier,
  1.0 * sum(now) / nullif(sum(earlier), 0) AS ratio
FROM (
  SELECT metric, now, earlier, CASE step WHEN 0 THEN region
    WHEN 1 THEN substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END AS area
  FROM (
    SELECT iif(kind = 102, 'in_force', 'trademarks') AS metric, region,
      sum(iif(:basis = 1, recorded_events, corrected_events)) AS now,
      sum(iif(date > :as_of - 100000, 0, iif(:basis = 1, recorded_events, corrected_events))) AS earlier
    FROM stock
    WHERE kind IN (102, 103) AND industry = 0 AND date <= :as_of -- patents and trademarks in force; 0: all industries
      AND (kind = 103 OR "right" = 1) -- 1: inventions
    GROUP BY kind, region
    UNION ALL
    SELECT 'pct_filings', coalesce(region, ''), sum(filed_on >= :as_of / 10000 * 10000),
      sum(filed_on <= :as_of - 100000)
    FROM pct_filing
    WHERE basis & :basis AND (filed_on BETWEEN :as_of / 10000 * 10000 AND :as_of
      OR filed_on BETWEEN (:as_of / 10000 - 10) * 10000 AND :as_of - 100000)
    GROUP BY coalesce(region, '')
  ) CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
  WHERE (now != 0 OR earlier != 0) AND (step != 1 OR length(region) > 2)
)
GROUP BY area, metric
ORDER BY area, metric
