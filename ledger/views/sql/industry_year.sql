-- Shares of an industry in the events of a year, by kind and currency. Coverage is over all currencies of the industry,
-- year and kind.
SELECT s.industry, s.period AS year, s.kind, s.currency, c.decimals,
  iif(:basis = 1, s.recorded_events, s.corrected_events) AS events,
  iif(:basis = 1, s.recorded_with_amount, s.corrected_with_amount) AS with_amount,
  iif(:basis = 1, s.recorded_high, s.corrected_high) AS amount_high,
  iif(:basis = 1, s.recorded_low, s.corrected_low) AS amount_low,
  (
    SELECT 1.0 * sum(iif(:basis = 1, recorded_with_amount, corrected_with_amount))
      / sum(iif(:basis = 1, recorded_events, corrected_events))
    FROM summary AS known
    WHERE known.kind = s.kind AND known.period = s.period AND known.industry = s.industry
      AND s.kind NOT IN (1, 5, 8, 9, 10, 19, 20, 21, 22) -- these kinds have no amount
  ) AS coverage
FROM constant AS k
CROSS JOIN summary AS s ON s.kind = k.number AND s.period <= 9999
LEFT JOIN currency AS c ON c.number = s.currency
WHERE k.family = 'kind' AND s.industry != 0 AND events != 0
ORDER BY s.period, s.industry, s.kind, c.code
