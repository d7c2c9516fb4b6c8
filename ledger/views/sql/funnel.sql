-- Assets by the stages that they reached up to a day (:as_of) after their first request or valuation, by industry,
-- region and sort of owner. The stages of an asset are counted in one row, and become rows afterwards.
SELECT industry, region, owner_type, column2 AS stage, assets, reached, 1.0 * reached / assets AS share, days / reached AS days
FROM (
  SELECT industry, region, owner_type, column1 AS ordinal, column2, assets,
    CASE column2 WHEN 'requested' THEN requested WHEN 'valued' THEN valued WHEN 'offered' THEN offered
      WHEN 'licensed' THEN licensed WHEN 'assigned' THEN assigned WHEN 'pledged' THEN pledged WHEN 'paid' THEN paid
      ELSE released END AS reached,
    CASE column2 WHEN 'requested' THEN requested_days WHEN 'valued' THEN valued_days WHEN 'offered' THEN offered_days
      WHEN 'licensed' THEN licensed_days WHEN 'assigned' THEN assigned_days WHEN 'pledged' THEN pledged_days
      WHEN 'paid' THEN paid_days ELSE released_days END AS days
  FROM journey_sum
  CROSS JOIN (
    VALUES (1, 'requested'), (2, 'valued'), (3, 'offered'), (4, 'licensed'), (5, 'assigned'), (6, 'pledged'), (7, 'paid'),
      (8, 'released')
  )
)
ORDER BY industry, region, owner_type, ordinal
