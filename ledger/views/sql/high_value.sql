-- Inventions in force on the day (:as_of) and those of high value, by area: the region or '', its country, ALL.
SELECT v.area AS region, sum(n) AS in_force, sum(iif(met > 0, n, 0)) AS high_value,
  1.0 * sum(iif(met > 0, n, 0)) / sum(n) AS share, sum(c1 * n) AS c1, sum(c2 * n) AS c2, sum(c3 * n) AS c3,
  sum(c4 * n) AS c4, sum(c5 * n) AS c5, sum(c2_loose * n) AS c2_loose,
  sum(iif(met + c2_loose > 0, n, 0)) AS high_value_loose,
  sum(iif(met = 1, n, 0)) AS exactly_1, sum(iif(met = 2, n, 0)) AS exactly_2, sum(iif(met = 3, n, 0)) AS exactly_3,
  sum(iif(met = 4, n, 0)) AS exactly_4, sum(iif(met = 5, n, 0)) AS exactly_5,
  years, anchor AS years_from, least AS pledge_least, least_currency AS pledge_currency
FROM high_value_count AS v JOIN high_value_parameter AS h ON h.area = v.area
GROUP BY v.area
ORDER BY v.area
