-- The number of inventions in force on the day (:as_of) that meet the same criteria in an area. `met` is the number of
-- criteria. They are grouped by one number that has a bit for each criterion.
SELECT *, c1 + c2 + c3 + c4 + c5 AS met
FROM (
  SELECT area, bits & 1 AS c1, bits >> 1 & 1 AS c2, bits >> 2 & 1 AS c3, bits >> 3 & 1 AS c4, bits >> 4 & 1 AS c5,
    bits >> 5 AS c2_loose, n
  FROM (
    SELECT area, c1 + c2 * 2 + c3 * 4 + c4 * 8 + c5 * 16 + c2_loose * 32 AS bits, count(*) AS n
    FROM high_value_patent
    GROUP BY 1, 2
  )
)
