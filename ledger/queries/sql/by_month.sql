-- A kind of total by month up to a day (:as_of), from the month :months before, for the whole of all industries (0), by
-- currency. Events are those in any currency; the month of the day ends with the day: its days are in the postings.
line AS (
  SELECT period AS month, currency, iif(:basis = 1, recorded_events, corrected_events) AS own,
    iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS with_amount,
    iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low
  FROM summary
  WHERE kind = :kind AND industry = 0 AND period < :as_of / 100
    AND period > (:as_of / 10000 * 12 + :as_of / 100 % 100 - 1 - :months) / 12 * 100
      + (:as_of / 10000 * 12 + :as_of / 100 % 100 - 1 - :months) % 12
  UNION ALL
  SELECT date / 100, currency, events, with_amount, high, low
  FROM block AS b CROSS JOIN posting AS p
    ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.number AND p.kind = :kind
    AND p.date BETWEEN :as_of / 100 * 100 + 1 AND :as_of AND p.industry = 0 AND p.basis & :basis
),
sums AS (
  SELECT month, currency, sum(own) AS own, sum(with_amount) AS with_amount, sum(high) AS high, sum(low) AS low
  FROM line GROUP BY month, currency
)
SELECT month / 100 AS year, month % 100 AS month, c.code, s.currency, c.decimals, with_amount,
  sum(own) OVER (PARTITION BY month) AS events,
  iif(with_amount != 0, high + low / 1000000000000, NULL) AS amount_high,
  iif(with_amount != 0, low % 1000000000000, NULL) AS amount_low
FROM sums AS s LEFT JOIN currency AS c ON c.number = s.currency
ORDER BY year, month, c.code
