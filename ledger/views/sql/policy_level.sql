-- The order of policies in force, lowest level first: of the right before all rights, then of the region (its first 6
-- letters), its country (2), all regions (0). Within a level, the latest first day wins, then the last in the log.
SELECT column1 AS level, column2 AS of_right, column3 AS letters
FROM (VALUES (1, 1, 6), (2, 1, 2), (3, 1, 0), (4, 0, 6), (5, 0, 2), (6, 0, 0))
