-- A kind of total by year, for the whole of all industries (0), by currency. Events are those in any currency.
SELECT period AS year, s.currency, c.decimals, own, sum(own) OVER (PARTITION BY period) AS events, with_amount,
  iif(with_amount != 0, high + low / 1000000000000, NULL) AS amount_high,
  iif(with_amount != 0, low % 1000000000000, NULL) AS amount_low
FROM (
  SELECT period, currency, iif(:basis = 1, recorded_events, corrected_events) AS own,
    iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS with_amount,
    iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low
  FROM summary WHERE kind = :kind AND period BETWEEN 1 AND 9999 AND industry = 0
) AS s LEFT JOIN currency AS c ON c.number = s.currency
WHERE own != 0
ORDER BY year, c.code
