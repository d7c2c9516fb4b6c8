-- Pledges in force on a day (:as_of), by band of due date and currency. Those that stand (until 99991231) are summed for
-- each band and currency, a range of the index pledge_due; those that changed or ended after the day are added.
SELECT rung, due, currency, c.decimals, pledges, defaulted, high + low / 1000000000000 AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  WITH band (rung, due, after, upto) AS (
    SELECT 1, 'overdue', 0, :as_of - 1 UNION ALL SELECT 2, 'within_30_days', :as_of - 1, in_30_days FROM later
    UNION ALL SELECT 3, 'within_90_days', in_30_days, in_90_days FROM later
    UNION ALL SELECT 4, 'within_180_days', in_90_days, in_180_days FROM later
    UNION ALL SELECT 5, 'within_1_year', in_180_days, :as_of + 10000 FROM later
    UNION ALL SELECT 6, 'within_3_years', :as_of + 10000, :as_of + 30000
    UNION ALL SELECT 7, 'later', :as_of + 30000, 99999999 UNION ALL SELECT 8, 'unknown', NULL, NULL
  ),
  later AS (
    SELECT CAST(strftime('%Y%m%d', day, '+30 days') AS INTEGER) AS in_30_days,
      CAST(strftime('%Y%m%d', day, '+90 days') AS INTEGER) AS in_90_days,
      CAST(strftime('%Y%m%d', day, '+180 days') AS INTEGER) AS in_180_days
    FROM (SELECT printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100) AS day)
  ),
  part AS ( -- as JSON arrays, for one scan: pledges, defaulted, and both halves of the amount
    SELECT rung, due, number AS currency, iif(upto IS NULL, (
        SELECT json_array(count(*), count(defaulted_on), sum(minor / 1000000000000), sum(minor % 1000000000000))
        FROM pledge_state
        WHERE cancelled_on IS NULL AND until = 99991231 AND currency IS number AND debt_to IS NULL
          AND since <= :as_of AND :as_of < until AND basis & :basis
      ), (
        SELECT json_array(count(*), count(defaulted_on), sum(minor / 1000000000000), sum(minor % 1000000000000))
        FROM pledge_state
        WHERE cancelled_on IS NULL AND until = 99991231 AND currency IS number AND debt_to > after AND debt_to <= upto
          AND since <= :as_of AND :as_of < until AND basis & :basis
      )) AS sums
    FROM band CROSS JOIN (SELECT NULL AS number UNION ALL SELECT number FROM currency)
    UNION ALL
    SELECT rung, due, currency, sums FROM (
      SELECT currency, debt_to,
        json_array(count(*), count(defaulted_on), sum(minor / 1000000000000), sum(minor % 1000000000000)) AS sums
      FROM pledge_state
      WHERE cancelled_on IS NULL AND until < 99991231 AND since <= :as_of AND :as_of < until AND basis & :basis
      GROUP BY currency, debt_to
    ) CROSS JOIN band ON iif(debt_to IS NULL, upto IS NULL, debt_to > after AND debt_to <= upto)
  )
  SELECT rung, due, currency, sum(json_extract(sums, '$[0]')) AS pledges, sum(json_extract(sums, '$[1]')) AS defaulted,
    sum(json_extract(sums, '$[2]')) AS high, sum(json_extract(sums, '$[3]')) AS low
  FROM part
  WHERE json_extract(sums, '$[0]') > 0
  GROUP BY rung, due, currency
) LEFT JOIN currency AS c ON c.number = currency
ORDER BY rung, c.code
