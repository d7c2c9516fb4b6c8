-- Which policy holds where several are in force, the lowest level first: one of the right goes before one of all rights,
-- then one of the region (its first 6 letters) before one of its country (2) and one of all regions (0). Of one level the
-- policy that came into force last holds, then the last in the log.
SELECT column1 AS level, column2 AS of_right, column3 AS letters
FROM (VALUES (1, 1, 6), (2, 1, 2), (3, 1, 0), (4, 0, 6), (5, 0, 2), (6, 0, 0))
