-- A kind of total from 1 January to the month-day of a day (:as_of), in each year up to the day's, by industry and
-- currency. Whole months come from the sums by month, the days of the last one from the postings, block by block. From the 16th
-- day on, the last month is whole too, and the days after it are taken away: there are fewer of them.
SELECT year, industry, currency, sum(events) AS events, sum(known) AS known, sum(high) AS high, sum(low) AS low
FROM (
  SELECT year, industry, currency, iif(:basis = 1, recorded_events, corrected_events) AS events,
    iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS known,
    iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low
  FROM years CROSS JOIN summary ON kind = :kind
    AND period BETWEEN year * 100 + 1 AND year * 100 + :as_of / 100 % 100 - (:as_of % 100 <= 15)
  UNION ALL
  SELECT year, industry, currency, sign * events, sign * with_amount, sign * high - (sign < 0 AND low > 0),
    iif(sign < 0 AND low > 0, 1000000000000 - low, low) -- a low half is never negative
  FROM block AS b CROSS JOIN (
    SELECT year, iif(:as_of % 100 > 15, -1, 1) AS sign, (year * 100 + :as_of / 100 % 100) * 100 AS month,
      year * 10000 + :as_of % 10000 AS day
    FROM years
  ) CROSS JOIN posting AS p
    ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.number AND p.kind = :kind
    AND p.date BETWEEN iif(sign < 0, day, month) + 1 AND iif(sign < 0, month + 99, day)
    AND p.basis & :basis
)
GROUP BY year, industry, currency
