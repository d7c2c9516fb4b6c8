-- Pledges in force on a day (:as_of), by band of due date and currency: debts that stand, of the whole months of a band and
-- of the days of the months in which it begins and ends; without those that stand only since a later day, with those that
-- changed or ended later. Due on 99991231: without a due date.
SELECT rung, due, currency, c.decimals, pledges, defaulted, high + low / 1000000000000 AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  WITH band (rung, due, after, upto) AS (
    SELECT 1, 'overdue', 0, :as_of - 1 UNION ALL SELECT 2, 'within_30_days', :as_of - 1, in_30_days FROM later
    UNION ALL SELECT 3, 'within_90_days', in_30_days, in_90_days FROM later
    UNION ALL SELECT 4, 'within_180_days', in_90_days, in_180_days FROM later
    UNION ALL SELECT 5, 'within_1_year', in_180_days, :as_of + 10000 FROM later
    UNION ALL SELECT 6, 'within_3_years', :as_of + 10000, :as_of + 30000
    UNION ALL SELECT 7, 'later', :as_of + 30000, 99991230 UNION ALL SELECT 8, 'unknown', 99991230, 99991231
  ),
  later AS (
    SELECT CAST(strftime('%Y%m%d', day, '+30 days') AS INTEGER) AS in_30_days,
      CAST(strftime('%Y%m%d', day, '+90 days') AS INTEGER) AS in_90_days,
      CAST(strftime('%Y%m%d', day, '+180 days') AS INTEGER) AS in_180_days
    FROM (SELECT printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100) AS day)
  ),
  stretch AS ( -- the days of a band: from its first month, and from its last if that is another
    SELECT rung, due, after, min(upto, after / 100 * 100 + 99) AS upto FROM band
    UNION ALL SELECT rung, due, upto / 100 * 100, upto FROM band WHERE after / 100 < upto / 100
  ),
  part (rung, due, currency, kind, events, high, low) AS ( -- kinds 104: pledges, 105: defaulted
    SELECT rung, due, currency, kind, iif(:basis = 1, recorded_events, corrected_events),
      iif(:basis = 1, recorded_high, corrected_high), iif(:basis = 1, recorded_low, corrected_low)
    FROM band CROSS JOIN summary
      ON kind IN (104, 105) AND period > max(after / 100, 9999) AND period < upto / 100 AND industry = 0
    UNION ALL
    SELECT rung, due, currency, kind, iif(:basis = 1, recorded_events, corrected_events),
      iif(:basis = 1, recorded_high, corrected_high), iif(:basis = 1, recorded_low, corrected_low)
    FROM stretch CROSS JOIN stock ON kind IN (104, 105) AND region = '' AND date > after AND date <= upto
    UNION ALL
    SELECT rung, due, coalesce(currency, 0), kind, sign,
      iif(kind = 104, sign * high - (sign < 0), 0), iif(kind = 104, iif(sign < 0, 1000000000000, 0) + sign * low, 0)
    FROM (
      SELECT -1 AS sign, currency, coalesce(debt_to, 99991231) AS day, defaulted_on,
        coalesce(minor, 0) / 1000000000000 AS high, coalesce(minor, 0) % 1000000000000 AS low
      FROM pledge_state
      WHERE cancelled_on IS NULL AND until = 99991231 AND since > :as_of AND basis & :basis
      UNION ALL
      SELECT 1, currency, coalesce(debt_to, 99991231), defaulted_on,
        coalesce(minor, 0) / 1000000000000, coalesce(minor, 0) % 1000000000000
      FROM pledge_state
      WHERE cancelled_on IS NULL AND until < 99991231 AND since <= :as_of AND :as_of < until AND basis & :basis
    )
    CROSS JOIN band ON day > after AND day <= upto
    CROSS JOIN (SELECT 104 AS kind UNION ALL SELECT 105) AS k ON kind = 104 OR defaulted_on IS NOT NULL
  )
  SELECT rung, due, nullif(currency, 0) AS currency, sum(iif(kind = 104, events, 0)) AS pledges,
    sum(iif(kind = 105, events, 0)) AS defaulted, sum(high) AS high, sum(low) AS low
  FROM part
  GROUP BY rung, due, currency
) LEFT JOIN currency AS c ON c.number = currency
WHERE pledges != 0
ORDER BY rung, c.code
