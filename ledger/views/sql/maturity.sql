-- Pledges in force on a day (:as_of), by band of due date and currency. They are summed by due date first: those that
-- hold for good (until 99991231) in the order of the index pledge_due, then those that changed after the day.
SELECT rung, CASE rung WHEN 1 THEN 'overdue' WHEN 2 THEN 'within_30_days' WHEN 3 THEN 'within_90_days'
    WHEN 4 THEN 'within_180_days' WHEN 5 THEN 'within_1_year' WHEN 6 THEN 'within_3_years' WHEN 7 THEN 'later'
    ELSE 'unknown' END AS due,
  currency, c.decimals, pledges, defaulted, high + low / 1000000000000 AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  SELECT CASE
      WHEN debt_to IS NULL THEN 8
      WHEN debt_to < :as_of THEN 1
      WHEN debt_to <= in_30_days THEN 2
      WHEN debt_to <= in_90_days THEN 3
      WHEN debt_to <= in_180_days THEN 4
      WHEN debt_to <= :as_of + 10000 THEN 5
      WHEN debt_to <= :as_of + 30000 THEN 6
      ELSE 7 END AS rung,
    currency, sum(pledges) AS pledges, sum(defaulted) AS defaulted, sum(high) AS high, sum(low) AS low
  FROM (
    SELECT currency, debt_to, count(*) AS pledges, count(defaulted_on) AS defaulted,
      sum(minor / 1000000000000) AS high, sum(minor % 1000000000000) AS low
    FROM pledge_state
    WHERE cancelled_on IS NULL AND until = 99991231 AND since <= :as_of AND :as_of < until AND basis & :basis
    GROUP BY currency, debt_to
    UNION ALL
    SELECT currency, debt_to, count(*), count(defaulted_on), sum(minor / 1000000000000), sum(minor % 1000000000000)
    FROM pledge_state
    WHERE cancelled_on IS NULL AND until < 99991231 AND since <= :as_of AND :as_of < until AND basis & :basis
    GROUP BY currency, debt_to
  ) CROSS JOIN (
    SELECT CAST(strftime('%Y%m%d', day, '+30 days') AS INTEGER) AS in_30_days,
      CAST(strftime('%Y%m%d', day, '+90 days') AS INTEGER) AS in_90_days,
      CAST(strftime('%Y%m%d', day, '+180 days') AS INTEGER) AS in_180_days
    FROM (SELECT printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100) AS day)
  )
  GROUP BY rung, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
ORDER BY rung, c.code
