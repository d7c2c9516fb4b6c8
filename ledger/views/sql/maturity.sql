-- Pledges in force on a day (:as_of), by band of due date and currency: debts that stand, of the whole months of a band and
-- of the days of the months in which it begins and ends; without those that stand only since a later day, with those that
-- changed or ended later. Due on 99991231: without a due date.
SELECT rung, due, currency, c.decimals, pledges, defaulted, high + low / 1000000000000 AS amount_high,
  low % 1000000000000 AS amount_low
FROM (
  WITH later AS (
    SELECT CAST(strftime('%Y%m%d', day, '+30 days') AS INTEGER) AS in_30_days,
      CAST(strftime('%Y%m%d', day, '+90 days') AS INTEGER) AS in_90_days,
      CAST(strftime('%Y%m%d', day, '+180 days') AS INTEGER) AS in_180_days
    FROM (SELECT printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100) AS day)
    LIMIT 1 -- keeps SQLite from computing the days again for each row
  ),
  band (rung, due, after, upto) AS (
    SELECT 1, 'overdue', 0, :as_of - 1 UNION ALL SELECT 2, 'within_30_days', :as_of - 1, in_30_days FROM later
    UNION ALL SELECT 3, 'within_90_days', in_30_days, in_90_days FROM later
    UNION ALL SELECT 4, 'within_180_days', in_90_days, in_180_days FROM later
    UNION ALL SELECT 5, 'within_1_year', in_180_days, :as_of + 10000 FROM later
    UNION ALL SELECT 6, 'within_3_years', :as_of + 10000, :as_of + 30000
    UNION ALL SELECT 7, 'later', :as_of + 30000, 99991230 UNION ALL SELECT 8, 'unknown', 99991230, 99991231
  ),
  stretch AS ( -- the days of a band: from its first month, and from its last if that is another
    SELECT rung, after, min(upto, after / 100 * 100 + 99) AS upto FROM band
    UNION ALL SELECT rung, upto / 100 * 100, upto FROM band WHERE after / 100 < upto / 100
  ),
  standing AS ( -- kinds 104: debts, 105: those in default
    SELECT rung, kind, currency, recorded_events, recorded_high, recorded_low, corrected_events, corrected_high,
      corrected_low
    FROM band CROSS JOIN summary
      ON kind IN (104, 105) AND period > max(after / 100, 9999) AND period < upto / 100 AND industry = 0
    UNION ALL
    SELECT rung, kind, currency, recorded_events, recorded_high, recorded_low, corrected_events, corrected_high,
      corrected_low
    FROM stretch CROSS JOIN stock ON kind IN (104, 105) AND region = '' AND date > after AND date <= upto
  ),
  moved AS (
    SELECT -1 AS sign, currency, coalesce(debt_to, 99991231) AS day, minor, defaulted_on FROM pledge_state
    WHERE cancelled_on IS NULL AND until = 99991231 AND since > :as_of AND basis & :basis
    UNION ALL
    SELECT 1, currency, coalesce(debt_to, 99991231), minor, defaulted_on FROM pledge_state
    WHERE cancelled_on IS NULL AND until < 99991231 AND since <= :as_of AND :as_of < until AND basis & :basis
  ),
  part (rung, currency, pledges, defaulted, high, low) AS (
    SELECT rung, nullif(currency, 0), iif(kind = 104, iif(:basis = 1, recorded_events, corrected_events), 0),
      iif(kind = 105, iif(:basis = 1, recorded_events, corrected_events), 0),
      iif(:basis = 1, recorded_high, corrected_high), iif(:basis = 1, recorded_low, corrected_low)
    FROM standing
    UNION ALL -- the halves of what is taken away: -high - 1 and 10^12 - low
    SELECT 1 + (day >= :as_of) + (day > in_30_days) + (day > in_90_days) + (day > in_180_days)
        + (day > :as_of + 10000) + (day > :as_of + 30000) + (day = 99991231) AS rung,
      currency, sign, iif(defaulted_on IS NULL, 0, sign), sign * (minor / 1000000000000) - (sign < 0),
      iif(sign < 0, 1000000000000, 0) + sign * (minor % 1000000000000)
    FROM later CROSS JOIN moved
  )
  SELECT rung, (SELECT due FROM band AS b WHERE b.rung = part.rung) AS due, currency, sum(pledges) AS pledges,
    sum(defaulted) AS defaulted, sum(high) AS high, sum(low) AS low
  FROM part
  GROUP BY rung, currency
) LEFT JOIN currency AS c ON c.number = currency
WHERE pledges != 0
ORDER BY rung, c.code
