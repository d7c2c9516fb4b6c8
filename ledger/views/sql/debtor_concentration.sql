-- Concentration among debtors on a day (:as_of), by currency: of what pledges in force secure, and of outstanding loans. A debtor is small if its sum is at most the policy `inclusive_loan` of the day at the levels of all
-- rights, for its region (the first by code, if its pledges or loans have several).
SELECT among, currency, decimals, sum(contracts) AS contracts,
  sum(iif(debtor IS NULL, 0, contracts)) AS named, count(debtor) AS debtors,
  sum(iif(debtor IS NULL, NULL, high)) + sum(iif(debtor IS NULL, NULL, low)) / 1000000000000 AS amount_high,
  sum(iif(debtor IS NULL, NULL, low)) % 1000000000000 AS amount_low,
  round(sum(part * part) / nullif(sum(part) * sum(part), 0), 12) AS hhi,
  max(part) / nullif(sum(part), 0) AS largest_share,
  count(small) AS capped, iif(count(small) > 0, sum(small), NULL) AS small,
  iif(count(small) = count(debtor), sum(small * part) / nullif(sum(part), 0), NULL) AS small_share
FROM (
  SELECT h.*, (h.high, h.low) <= (rounded_down / 1000000000000, rounded_down % 1000000000000) AS small
  FROM (
    SELECT held.*, c.code, c.decimals, iif(debtor IS NULL, NULL, high * 1000000000000.0 + low) AS part,
      (
        SELECT substr(min(level || value), 2) FROM (SELECT 1) CROSS JOIN policy_in_force
        WHERE policy = 'inclusive_loan' AND "right" = 0 AND currency = c.code
          AND region IN ('', substr(held.region, iif(held.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), held.region)
            AND debtor IS NOT NULL
      ) AS threshold
    FROM debtor_sum AS held LEFT JOIN currency AS c ON c.number = held.currency
  ) AS h
  LEFT JOIN policy_money AS m ON m.currency = h.code AND m.value = threshold
)
GROUP BY among, currency
ORDER BY among DESC, code
