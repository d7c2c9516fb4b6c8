-- A loan in a currency, on a day (:as_of). The threshold is the policy `inclusive_loan` on the day of the first
-- payment, at the levels of all rights (4 to 6).
SELECT deal, region, loan.currency, code, decimals, disbursed_on, disbursed_high, disbursed_low, repaid_high, repaid_low,
  compensated_high, compensated_low,
  high + low / 1000000000000 AS outstanding_high, low % 1000000000000 AS outstanding_low,
  rate_bp, due_on,
  CASE
    WHEN due_on IS NULL THEN NULL
    WHEN due_on < :as_of AND (high + low / 1000000000000, low % 1000000000000) > (0, 0) THEN CAST(
      julianday(printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100))
        - julianday(printf('%04d-%02d-%02d', due_on / 10000, due_on / 100 % 100, due_on % 100)) AS INTEGER)
    ELSE 0 END AS overdue_days,
  threshold,
  iif(alone, (disbursed_high, disbursed_low) <= (rounded_down / 1000000000000, rounded_down % 1000000000000), NULL)
    AS inclusive
FROM (
  SELECT e.subject AS deal, l.*, c.code, c.decimals,
    disbursed_high - repaid_high - compensated_high - 2 AS high, -- the low half is never negative
    disbursed_low - repaid_low - compensated_low + 2000000000000 AS low,
    NOT EXISTS (
      SELECT 1 FROM loan AS o
      WHERE o.partition = l.partition AND o.entity = l.entity AND o.currency != l.currency AND o.basis & :basis
        AND o.since <= :as_of AND :as_of < o.until
    ) AS alone,
    (
      SELECT substr(min(level || (
        SELECT p.value FROM policy AS p
        WHERE p.policy = 'inclusive_loan' AND p.currency = c.code AND p."right" IS NULL
          AND p.region IS nullif(substr(l.region, iif(letters = 2 AND l.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), letters), '')
          AND p.since <= l.disbursed_on AND l.disbursed_on < p.until AND p.basis & :basis
        ORDER BY p.since DESC, p."offset" DESC LIMIT 1
      )), 2) FROM policy_level WHERE NOT of_right
    ) AS threshold
  FROM loan AS l
  JOIN record AS e ON e.outcome = 1 AND e.topic = 5 + 0 * l.partition -- 5: loans; read from l or a subject
    AND e.partition = l.partition AND e."offset" = l.entity
  JOIN currency AS c ON c.number = l.currency
  WHERE l.since <= :as_of AND :as_of < l.until AND unlikely(l.basis & :basis)
) AS loan LEFT JOIN policy_money AS m ON m.currency = loan.code AND m.value = threshold
ORDER BY +deal, code -- sorted: the index of subjects has those of all topics
