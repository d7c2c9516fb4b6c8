-- Inventions in force on the day (:as_of), all and those of high value, per 10,000 residents of each region with a
-- published population. Rounded half up to one decimal, from exact integers.
SELECT region, metric, count, persons AS population, as_of AS population_as_of, published_on, publisher,
  iif(persons > 0, printf('%d.%d', (count * 200000 + persons) / (2 * persons) / 10,
    (count * 200000 + persons) / (2 * persons) % 10), NULL) AS per_10k,
  10000.0 * count / nullif(persons, 0) AS ratio
FROM (
  SELECT p.*, metric, coalesce(iif(metric = 'high_value', high_value, in_force), 0) AS count
  FROM year_end_population AS p CROSS JOIN (SELECT 'high_value' AS metric UNION ALL SELECT 'in_force')
  LEFT JOIN (
    SELECT area, sum(iif(met > 0, n, 0)) AS high_value, sum(n) AS in_force FROM high_value_count GROUP BY area
  ) ON area = region
)
ORDER BY region, metric
