-- The number of inventions in force on the day (:as_of) that meet the same criteria in an area. `met` is the number of
-- criteria.
SELECT *, c1 + c2 + c3 + c4 + c5 AS met
FROM (
  SELECT area, c1, c2, c3, c4, c5, c2_loose, count(*) AS n
  FROM high_value_patent
  GROUP BY area, c1, c2, c3, c4, c5, c2_loose
)
