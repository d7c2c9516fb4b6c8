-- The days of the postings that make the sums from 1 January to a day (:as_of; now: 1) and in the same period of the year before
-- (0): up to June those up to the day; later those after it, which are taken away from the year (sign: -1). A year before 29
-- February is a number that is not a date: it compares correctly.
SELECT now, year, iif(late, -1, 1) AS sign, year * 10000 + iif(late, :as_of % 10000 + 1, 101) AS first_day,
  year * 10000 + iif(late, 1231, :as_of % 10000) AS last_day
FROM (SELECT 1 AS now, :as_of / 10000 AS year UNION ALL SELECT 0, :as_of / 10000 - 1)
CROSS JOIN (SELECT :as_of % 10000 > 630 AS late)
