-- Inventions in force on the day (:as_of) that are of high value in their own region.
SELECT subject AS patent, region, granted_on, family_id, c1 + c2 + c3 + c4 + c5 AS criteria, c1, c2, c3, c4, c5,
  c2_loose, years, anchor AS years_from, least AS pledge_least, least_currency AS pledge_currency
FROM high_value_own
WHERE c1 + c2 + c3 + c4 + c5 > 0
ORDER BY patent
