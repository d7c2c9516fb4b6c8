-- Assets by the stages that they reached up to a day (:as_of) after their first request or valuation, by industry,
-- region and sort of owner.
SELECT industry, region, owner_type, stage, count(*) AS assets, count(day) AS reached, 1.0 * count(day) / count(*) AS share,
  avg(CASE WHEN day = began_on THEN 0 WHEN day > began_on THEN
    julianday(substr(day, 1, 4) || '-' || substr(day, 5, 2) || '-' || substr(day, 7, 2))
      - julianday(substr(began_on, 1, 4) || '-' || substr(began_on, 5, 2) || '-' || substr(began_on, 7, 2)) END) AS days
FROM (
  SELECT industry, region, owner_type, began_on, column1 AS place, column2 AS stage, CASE column2
    WHEN 'requested' THEN requested_on WHEN 'valued' THEN valued_on WHEN 'offered' THEN offered_on
    WHEN 'licensed' THEN licensed_on WHEN 'assigned' THEN assigned_on WHEN 'pledged' THEN pledged_on
    WHEN 'paid' THEN paid_on ELSE released_on END AS day
  FROM journey
  CROSS JOIN (
    VALUES (1, 'requested'), (2, 'valued'), (3, 'offered'), (4, 'licensed'), (5, 'assigned'), (6, 'pledged'), (7, 'paid'),
      (8, 'released')
  )
  LIMIT -1 -- compute each day once
)
GROUP BY industry, region, owner_type, place, stage
ORDER BY industry, region, owner_type, place
