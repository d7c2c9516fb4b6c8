-- Pledges in force on a day (:as_of), and those that ended before only by a cancellation with an inferred pledge, by
-- currency.
SELECT currency, c.decimals, pledges, high + low / 1000000000000 AS amount_high, low % 1000000000000 AS amount_low,
  inferred, more_high + more_low / 1000000000000 AS inferred_high, more_low % 1000000000000 AS inferred_low,
  pledges + inferred AS pledges_without
FROM (
  SELECT currency, sum(cancelled_on IS NULL) AS pledges, sum(inferred_by IS NOT NULL) AS inferred,
    sum(iif(cancelled_on IS NULL, minor / 1000000000000, NULL)) AS high,
    sum(iif(cancelled_on IS NULL, minor % 1000000000000, NULL)) AS low,
    sum(iif(inferred_by IS NOT NULL, minor / 1000000000000, NULL)) AS more_high,
    sum(iif(inferred_by IS NOT NULL, minor % 1000000000000, NULL)) AS more_low
  FROM pledge_state
  WHERE since <= :as_of AND :as_of < until AND basis & :basis AND (cancelled_on IS NULL OR inferred_by IS NOT NULL)
  GROUP BY currency
) LEFT JOIN currency AS c ON c.number = currency
ORDER BY c.code
