-- Contracts by kind, industry (0: all), year, region and currency. A contract that was voided or moved adds 0. Payments are in the
-- last digit of a kind of `stock` (1 fixed, 2 royalty, 3 free, 4 mixed), before it the kind of total; 130: mergers, which totals
-- have among the assignments (13).
SELECT iif(merger, 'mergers', k.name) AS kind, industry, year, region, currency, c.decimals, contracts, with_amount,
  amount_high, amount_low, fixed, royalty, free, mixed
FROM (
  SELECT kind, merger, industry, year, region, currency, sum(contracts) AS contracts, sum(with_amount) AS with_amount,
    sum(high) + sum(low) / 1000000000000 AS amount_high, sum(low) % 1000000000000 AS amount_low,
    iif(kind = 13, NULL, sum(iif(payment = 1, paid, 0))) AS fixed, iif(kind = 13, NULL, sum(iif(payment = 2, paid, 0))) AS royalty,
    iif(kind = 13, NULL, sum(iif(payment = 3, paid, 0))) AS free, iif(kind = 13, NULL, sum(iif(payment = 4, paid, 0))) AS mixed
  FROM (
    SELECT kind, 0 AS merger, industry, year, region, currency, iif(:basis = 1, recorded_events, corrected_events) AS contracts,
      iif(:basis = 1, recorded_with_amount, corrected_with_amount) AS with_amount,
      iif(:basis = 1, recorded_high, corrected_high) AS high, iif(:basis = 1, recorded_low, corrected_low) AS low,
      NULL AS payment, 0 AS paid
    FROM total WHERE kind IN (12, 13, 14, 15)
    UNION ALL
    SELECT kind / 10, 0, industry, date / 10000, region, currency, 0, 0, 0, 0, kind % 10,
      iif(:basis = 1, recorded_events, corrected_events)
    FROM contract_stock WHERE kind != 130
    UNION ALL
    SELECT 13, column1 = 1, industry, date / 10000, region, currency, column1 * iif(:basis = 1, recorded_events, corrected_events),
      column1 * iif(:basis = 1, recorded_with_amount, corrected_with_amount),
      column1 * iif(:basis = 1, recorded_high, corrected_high) + column2, -- the low half is never negative
      column1 * iif(:basis = 1, recorded_low, corrected_low) + column3, NULL, 0
    FROM contract_stock CROSS JOIN (VALUES (1, 0, 0), (-1, -1, 1000000000000)) WHERE kind = 130
  )
  GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(contracts) != 0
) AS t
JOIN constant AS k ON k.family = 'kind' AND k.number = kind
LEFT JOIN currency AS c ON c.number = currency
ORDER BY year, t.kind, merger, industry, region, c.code
